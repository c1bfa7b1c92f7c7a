// What test_every_page.py asks of a page while it presses Tab: which controls there are that were not tried before, and
// whether Tab comes from the one before to each of them and shows that it is there. What lies over the page (a dialog,
// a panel) is looked at alone. Cards are passed by, and the grid counts as one.
(known) => {
    const over = [...document.querySelectorAll('[data-modal], [role=dialog]')].at(-1)
    const able = [...(over ?? document).querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]
        .filter((one) => one.tabIndex >= 0 && !one.disabled && one.getAttribute('type') !== 'file'
            && !one.closest('[inert], [aria-hidden=true], [data-grid-surface], [data-place]') && !('baseUiFocusGuard' in one.dataset)
            && one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1
            && one.getAttribute('href') !== '#main'
            // Of one choice Tab comes to what is chosen; the arrow keys go on from there.
            && !(one.type === 'radio' && !one.checked && document.querySelector(`input[name="${CSS.escape(one.name)}"]:checked`)))
    const says = (one) => `${one.tagName.toLowerCase()} “${one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 40)}”`
    const fresh = able.filter((one, at) => at > 0 && !known.includes(says(one)))
    const around = (one, up = 5) => up && one.parentElement ? [one.parentElement, ...around(one.parentElement, up - 1)] : []
    const looks = (one) => [one, ...around(one), one.nextElementSibling, ...one.children]
        .map((part) => {
            if (!part) return ''
            const { outlineStyle, outlineColor, boxShadow, borderColor, backgroundColor, opacity, top } = getComputedStyle(part)
            return [outlineStyle, outlineStyle === 'none' ? '' : outlineColor, boxShadow, borderColor, backgroundColor, opacity, top].join()
        }).join('|')
    const wrong = []
    let plain
    return {
        steps: fresh.map(says),
        wrong,
        before: (number) => {
            const one = fresh[number]
            able[able.indexOf(one) - 1].focus()
            plain = looks(one)
        },
        // Whether Tab went on within the control before, from the day to the month.
        inside: (number) => ['date', 'datetime-local', 'time'].includes(document.activeElement?.type)
            && document.activeElement === able[able.indexOf(fresh[number]) - 1],
        // Whether the grid has the focus, which another key has to leave.
        after: async (number) => {
            await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
            const [one, now] = [fresh[number], document.activeElement]
            if (now?.closest('[data-grid-surface]')) return true
            if (now?.closest('[data-place]') || !one.isConnected) return false
            if (now !== one) wrong.push(`Tab comes to ${now ? says(now) : 'nothing'} instead of ${says(one)}`)
            else if (looks(one) === plain) wrong.push(`the focus is not seen on ${says(one)}`)
            return false
        },
    }
}
