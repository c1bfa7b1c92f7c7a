// Runs before the first paint, so a chosen theme never flashes. Kept outside the bundle because a strict CSP allows no inline script.
try {
  const theme = localStorage.getItem('crm.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be blocked; the system's preference then decides.
}
