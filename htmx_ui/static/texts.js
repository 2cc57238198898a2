// The page's own sentences, from data attributes of its elements: data-left="{n} left", and data-left-one for 1.
const number = (value) => value.toLocaleString(document.documentElement.lang || undefined);

export const say = (element, name, count) => {
  const { [`${name}One`]: one, [name]: text = "" } = element.dataset;
  return (count === 1 && one ? one : text).replace("{n}", count === undefined ? "" : number(count));
};
