/* Waits until the page shows all that it has: fonts, pictures that it would load later, and parts that a script shows
   when one scrolls to them. Ends what moves by itself and hides the text cursor, which blinks. Gives up after a time. */
async (milliseconds, screens) => {
    const all = selector => [...Document.prototype.querySelectorAll.call(document, selector)];
    const fonts = Object.getOwnPropertyDescriptor(Document.prototype, 'fonts').get.call(document).ready;
    for (const image of all('img[loading=lazy i]')) image.loading = 'eager';
    const ended = image => new Promise(resolve => {
        for (const event of ['load', 'error']) image.addEventListener(event, resolve, {once: true});
    });
    const end = new Promise(resolve => setTimeout(resolve, milliseconds));
    const frame = () => Promise.race([end, new Promise(requestAnimationFrame)]);
    const root = document.documentElement, top = scrollY;
    if (all('script').length) {
        for (let screen = 1; screen <= screens && screen * innerHeight < root.scrollHeight; screen++) {
            scrollTo({top: screen * innerHeight, behavior: 'instant'});
            await frame();
        }
        if (scrollY !== top) {
            scrollTo({top, behavior: 'instant'});
            await frame();
        }
    }
    const images = all('img').filter(image => !image.complete).map(ended);
    await Promise.race([end, Promise.all([fonts, ...images])]);
    for (const animation of Document.prototype.getAnimations.call(document)) {
        try {
            animation.finish();
        } catch {
            animation.cancel();  // it has no end
        }
    }
    const cursor = new CSSStyleSheet();
    cursor.replaceSync('* { caret-color: transparent !important }');
    document.adoptedStyleSheets.push(cursor);
    return {};
}
