/* Measures a page, or says what sticks out of the window. The page is hostile: lists and texts are cut here, and again
   by who asked. A form's fields and names in the document hide its own properties, so ask the prototypes. */
([task, origin, {pictures: mostPictures, headings: mostHeadings, text: longest, elements: mostElements,
    targets: mostTargets}]) => {
    const attribute = (element, name) => Element.prototype.getAttribute.call(element, name);
    const find = selector => Document.prototype.querySelector.call(document, selector);
    const all = selector => [...Document.prototype.querySelectorAll.call(document, selector)];
    const tidy = text => String(text || '').replace(/\s+/g, ' ').trim();
    const boxOf = element => {
        const box = Element.prototype.getBoundingClientRect.call(element);
        return [box.x + scrollX, box.y + scrollY, box.width, box.height].map(Math.round);
    };
    const step = element => {
        const tag = element.localName, id = attribute(element, 'id');
        if (id) return [`${tag}#${CSS.escape(id)}`, true];
        const twins = element.parentElement ? [...element.parentElement.children].filter(one => one.localName === tag) : [];
        return [twins.length > 1 ? `${tag}:nth-of-type(${twins.indexOf(element) + 1})` : tag, tag === 'body'];
    };
    // The nearest ancestor with an id leads to the element, else the body does.
    const selectorOf = element => {
        const steps = [];
        for (let one = element; one && one !== document.documentElement; one = one.parentElement) {
            const [name, isEnd] = step(one);
            steps.unshift(name);
            if (isEnd || steps.length > 8) break;
        }
        return steps.join(' > ').slice(-longest);
    };
    const isShown = element => element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';

    const isNamed = picture => attribute(picture, 'alt') !== null
        || ['aria-label', 'aria-labelledby', 'title'].some(name => tidy(attribute(picture, name)))
        || ['presentation', 'none'].includes(attribute(picture, 'role')) || picture.closest('[aria-hidden=true]') !== null;
    const drawn = (picture, style) => {
        const inner = (whole, ...sides) => Math.max(0, Math.round(whole - sides.reduce((sum, side) => sum + (parseFloat(side) || 0), 0)));
        return [inner(picture.clientWidth, style.paddingLeft, style.paddingRight),
            inner(picture.clientHeight, style.paddingTop, style.paddingBottom)];
    };
    const addressOf = picture => (picture.currentSrc || picture.src).split('#')[0];
    const audited = sizes => picture => {
        const style = getComputedStyle(picture), address = addressOf(picture);
        return {
            address, selector: selectorOf(picture), box: boxOf(picture), is_named: isNamed(picture),
            natural: [picture.naturalWidth, picture.naturalHeight], drawn: drawn(picture, style),
            is_stretched: style.objectFit === 'fill', size: sizes.get(address) || 0,
            has_choice: attribute(picture, 'srcset') !== null || picture.closest('picture') !== null,
        };
    };
    const whole = address => {
        try {
            return new URL(address, document.baseURI).href;
        } catch {
            return address;
        }
    };
    const targets = () => {
        const canonical = find('link[rel=canonical i]'), picture = find('meta[property="og:image" i]');
        return [
            ['canonical', canonical && attribute(canonical, 'href')], ['social picture', picture && attribute(picture, 'content')],
            ...all('form').map(form => [/^post$/i.test(attribute(form, 'method') || '') ? 'post' : 'get', attribute(form, 'action')]),
        ].filter(([, address]) => address).map(([kind, address]) => ({kind, address: whole(address)}));
    };
    const page = () => {
        const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        const own = entries.filter(entry => entry.name.startsWith(`${origin}/`));
        const sizes = new Map(own.map(entry => [entry.name.split('#')[0], entry.encodedBodySize]));
        const description = find('meta[name=description i]'), viewport = find('meta[name=viewport i]');
        return {
            language: tidy(attribute(document.documentElement, 'lang') || attribute(document.documentElement, 'xml:lang')),
            has_description: Boolean(description && tidy(attribute(description, 'content'))),
            is_for_phones: Boolean(viewport && /width\s*=\s*device-width/i.test(attribute(viewport, 'content') || '')),
            size: [...sizes.values()].reduce((sum, size) => sum + size, 0),
            pictures: all('img').filter(one => addressOf(one).startsWith(`${origin}/`) && isShown(one))
                .slice(0, mostPictures).map(audited(sizes)),
            targets: targets().slice(0, mostTargets),
            headings: all('h1, h2, h3, h4, h5, h6').filter(isShown).slice(0, mostHeadings).map(one => ({
                level: Number(one.localName[1]), text: tidy(one.textContent).slice(0, 100), selector: selectorOf(one), box: boxOf(one),
            })),
        };
    };

    // Of what ends furthest to the right, the element that leaves its parent; else one whose own text does not fit.
    const widest = view => {
        const elements = all('body *').slice(0, mostElements);
        const right = element => Element.prototype.getBoundingClientRect.call(element).right + scrollX;
        const isClipped = element => {
            for (let one = element.parentElement; one; one = one.parentElement) {
                if (getComputedStyle(one).overflowX !== 'visible') return true;
            }
            return getComputedStyle(element).position === 'fixed';
        };
        const leaving = elements.filter(one => right(one) > view + 1 && right(one.parentElement) <= view + 1);
        leaving.sort((one, other) => right(other) - right(one));
        return leaving.find(one => !isClipped(one)) || elements.filter(one => one.scrollWidth > one.clientWidth + 1
            && getComputedStyle(one).overflowX === 'visible').pop() || document.body;
    };
    const width = () => {
        const root = document.documentElement, isCutOff = [root, document.body].some(
            one => ['hidden', 'clip'].includes(getComputedStyle(one).overflowX));
        const view = root.clientWidth, excess = isCutOff ? 0 : Math.round(root.scrollWidth - view);
        if (excess <= 1) return {excess: 0};
        const element = widest(view);
        return {excess, width: view, selector: selectorOf(element), box: boxOf(element)};
    };

    const isAudited = document.contentType.includes('html') && document.body && document.body.localName === 'body'
        && !find('meta[http-equiv=refresh i]');
    return isAudited ? {page, width}[task]() : {};
}
