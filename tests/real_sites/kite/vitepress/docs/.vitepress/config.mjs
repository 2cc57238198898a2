export default {
  title: 'Kite',
  base: '/kite/',
  cleanUrls: true,
  themeConfig: {
    nav: [{ text: 'Guide', link: '/guide/start' }, { text: 'About', link: '/about' }],
    sidebar: [{ text: 'Kite', items: [{ text: 'Getting started', link: '/guide/start' }, { text: 'About us', link: '/about' }] }],
    search: { provider: 'local' }
  }
}
