/* Reads a page as blocks. A block is what a person sees as one thing: a text, a picture, a link, a form field, or an
   area with a background of its own. The page is hostile: lists and texts are cut here, and again by who asked. */
([origin, most, longestText, longestName, longestAddress]) => {
    const LANDMARKS = {HEADER: 'header', NAV: 'navigation', MAIN: 'main', ASIDE: 'aside', FOOTER: 'footer'};
    const ROLES = {
        H1: 'headline', H2: 'heading', H3: 'heading', H4: 'heading', H5: 'heading', H6: 'heading', LI: 'item',
        DT: 'item', DD: 'item', TD: 'cell', TH: 'cell', CAPTION: 'caption', FIGCAPTION: 'caption', LABEL: 'label',
        LEGEND: 'label', BUTTON: 'button', SUMMARY: 'heading',
    };
    const MEDIA = {
        IMG: 'picture', SVG: 'picture', CANVAS: 'picture', VIDEO: 'embed', AUDIO: 'embed', IFRAME: 'embed',
        OBJECT: 'embed', EMBED: 'embed',
    };
    const FIELDS = new Set(['INPUT', 'SELECT', 'TEXTAREA']);
    const UNSEEN = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'META', 'LINK', 'TITLE']);
    const CLEAR = 'rgba(0, 0, 0, 0)';
    const blocks = [], elements = [], styles = new Map();
    let total = 0, section = '';

    // A form's fields hide its own properties under their names, so ask the prototypes.
    const property = (type, name) => {
        const {get} = Object.getOwnPropertyDescriptor(type.prototype, name);
        return element => get.call(element);
    };
    const tagName = property(Element, 'tagName'), id = property(Element, 'id'), classes = property(Element, 'classList');
    const shadow = property(Element, 'shadowRoot'), children = property(Node, 'childNodes');
    const tag = element => tagName(element).toUpperCase();
    const tidy = text => text.replace(/\s+/g, ' ').trim();
    const own = url => url.startsWith(origin + '/') ? url.slice(origin.length) : url;
    const hash = text => {
        let value = 2166136261;
        for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
        return (value >>> 0).toString(16);
    };
    // A cut text ends with a digest of the whole, so that two long texts with the same beginning differ.
    const cut = (text, longest) => text.length <= longest ? text : `${text.slice(0, longest - 9)}…${hash(text)}`;
    const short = text => cut(tidy(String(text || '')), longestText);
    const address = url => cut(own(String(url || '')), longestAddress);

    const styleNumber = style => {
        const family = style.fontFamily.split(',')[0].replace(/["']/g, '').trim();
        const shown = {colour: style.color, font: cut(family, longestName), size: style.fontSize, weight: style.fontWeight};
        const key = Object.values(shown).join('|');
        if (!styles.has(key)) styles.set(key, [styles.size, shown]);
        return styles.get(key)[0];
    };
    // Left, top, width and height on the whole page. What is behind the body is behind all of the page.
    const boxOf = element => {
        if (element === body) return [0, 0, root.scrollWidth, root.scrollHeight];
        const box = Element.prototype.getBoundingClientRect.call(element);
        return [box.x + scrollX, box.y + scrollY, box.width, box.height].map(Math.round);
    };
    const put = (at, role, element, style, place, more) => {
        total += 1;
        if (blocks.length >= most) return;
        blocks.splice(at, 0, {role, place, section, style: styleNumber(style), ...more, box: boxOf(element)});
        elements.splice(at, 0, element);
    };
    const add = (...block) => put(blocks.length, ...block);
    // A header or footer within another part belongs to that part, not to the page.
    const landmark = element => ['HEADER', 'FOOTER'].includes(tag(element))
        && element.closest('main, article, section, aside, blockquote') ? '' : LANDMARKS[tag(element)];
    const isShown = style => style.display !== 'none' && style.visibility === 'visible' && style.opacity !== '0';

    const addMedia = (element, style, place) => {
        const name = tag(element);
        const source = name === 'SVG' ? `#${hash(element.outerHTML)}` : element.currentSrc || element.src || element.data;
        const text = short(element.getAttribute('alt') || element.getAttribute('aria-label') || element.title);
        add(MEDIA[name], element, style, place, {text, address: address(source)});
    };
    const addField = (element, style, place) => {
        if (element.type === 'hidden') return;
        const name = cut(`${element.type} ${element.name}`, longestName);
        if (['submit', 'button', 'reset'].includes(element.type)) {
            return add('button', element, style, place, {text: short(element.value), name});
        }
        const label = element.labels && element.labels[0] ? element.labels[0].textContent : '';
        const choices = element.options ? [...element.options].map(option => option.text).join(' / ') : '';
        const text = short([label, element.placeholder, choices].filter(Boolean).join(' · '));
        add('field', element, style, place, {text, name});
    };
    const addArea = (element, style, place) => {
        const [, picture] = /url\("([^"]*)"\)/.exec(style.backgroundImage) || [];
        const painted = picture || style.backgroundImage === 'none' ? '' : style.backgroundImage;
        const background = painted || (style.backgroundColor === CLEAR ? '' : style.backgroundColor);
        if (!background && !picture) return;
        const name = cut([tag(element).toLowerCase(), id(element), ...classes(element)].filter(Boolean).join('.'), longestName);
        add('area', element, style, place, {name, background: cut(background, longestText), address: address(picture)});
    };

    // The text that belongs to an element itself, with its links; blocks within it are visited on the way.
    const flow = (element, place, parts, links) => {
        for (const child of children(shadow(element) || element)) {
            if (child.nodeType === Node.TEXT_NODE) parts.push(child.data);
            if (child.nodeType !== Node.ELEMENT_NODE) continue;
            const name = tag(child), style = getComputedStyle(child);
            if (name === 'BR') parts.push(' ');
            if (UNSEEN.has(name) || !isShown(style)) continue;
            const isInline = ['inline', 'contents'].includes(style.display);
            if (!isInline || MEDIA[name] || FIELDS.has(name)) {
                visit(child, place, style);
                parts.push(' ');
                continue;
            }
            const before = parts.length;
            flow(child, place, parts, links);
            if (name === 'A' && child.href) links.push(link(child, style, parts.slice(before)));
        }
        if (tag(element) === 'SLOT') element.assignedNodes().forEach(node => parts.push(node.textContent));
    };
    const link = (element, style, parts) => ({
        element, style, text: tidy(parts.join('')), address: address(element.href.baseVal || element.href),
    });
    const visit = (element, outer, style) => {
        const name = tag(element), place = landmark(element) || outer;
        if (MEDIA[name]) return addMedia(element, style, place);
        if (FIELDS.has(name)) return addField(element, style, place);
        addArea(element, style, place);
        const at = blocks.length, parts = [], links = [];
        flow(element, place, parts, links);
        if (name === 'A' && element.href) links.push(link(element, style, parts));
        const text = tidy(parts.join('')), role = ROLES[name] || 'text';
        const bare = value => value.replace(/[\s|·•,/]/g, '');
        const isOnlyLinks = links.length && bare(links.map(one => one.text).join('')) === bare(text);
        const isHeading = role === 'headline' || role === 'heading';
        if (isHeading && text) section = cut(text, longestName);
        if (text && (isHeading || !isOnlyLinks)) put(at, role, element, style, place, {text: short(text)});
        for (const one of links) {
            const within = Boolean(text) && (isHeading || !isOnlyLinks);
            add('link', one.element, one.style, place, {text: short(one.text), address: one.address, within});
        }
    };

    const root = document.documentElement, body = document.body;
    if (body && isShown(getComputedStyle(body))) visit(body, '', getComputedStyle(body));
    Object.assign(globalThis, {blockElements: elements, boxOf});  // for the boxes at another width
    const description = document.querySelector('meta[name=description i]');
    return {
        blocks, total, moves: document.scripts.length + document.querySelectorAll('iframe, object, embed').length > 0, styles: [...styles.values()].map(([, shown]) => shown),
        head: {title: short(document.title), description: short(description && description.content),
            language: cut(root.lang, longestName)},
    };
}
