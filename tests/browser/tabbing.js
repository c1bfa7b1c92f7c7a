// What test_every_page.py asks of a page while it presses Tab: which controls there are, which had the focus, and whether
// it was seen. What lies over the page (a dialog, a panel) is looked at alone. Cards are passed by, and the grid counts as one.
() => {
    const over = [...document.querySelectorAll('[data-modal], [role=dialog]')].at(-1)
    const able = [...(over ?? document).querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]
        .filter((one) => one.tabIndex >= 0 && !one.disabled && one.getAttribute('type') !== 'file'
            && !one.closest('[inert], [aria-hidden=true], [data-grid-surface], [data-place]') && !('baseUiFocusGuard' in one.dataset)
            && one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1
            && one.getAttribute('href') !== '#main'
            // Of one choice Tab comes to what is chosen; the arrow keys go on from there.
            && !(one.type === 'radio' && !one.checked && document.querySelector(`input[name="${CSS.escape(one.name)}"]:checked`)))
    const rounds = (one, up = 5) => up && one.parentElement ? [one.parentElement, ...rounds(one.parentElement, up - 1)] : []
    const looks = (one) => [one, ...rounds(one), one.nextElementSibling, ...one.children]
        .map((part) => {
            if (!part) return ''
            const { outlineStyle, outlineColor, boxShadow, borderColor, backgroundColor, opacity, top } = getComputedStyle(part)
            return [outlineStyle, outlineStyle === 'none' ? '' : outlineColor, boxShadow, borderColor, backgroundColor, opacity, top].join()
        }).join('|')
    const first = document.activeElement
    const before = new Map(able.map((one) => [one, one === first ? undefined : looks(one)]))
    const left = new Set(able)
    const unseen = []
    const says = (one) => `${one.tagName.toLowerCase()} “${one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 40)}”`
    return {
        // Cards come into sight as Tab goes on, so that there are more of them than now.
        most: 10 + 2 * able.length + 4 * document.querySelectorAll('[data-place] :is(a, button, input)').length,
        inGrid: () => Boolean(document.activeElement?.closest('[data-grid-surface]')),
        step: () => {
            const now = document.activeElement
            if (left.delete(now) && before.get(now) !== undefined && looks(now) === before.get(now)) unseen.push(says(now))
            return left.size === 0
        },
        wrong: () => [
            ...[...left].filter((one) => one.isConnected).map((one) => `Tab does not come to ${says(one)}`),
            ...unseen.map((one) => `the focus is not seen on ${one}`),
        ],
    }
}
