/// How pages look.
enum HTMLStyle {
  /// The style sheet of a page, without that of pictures.
  ///
  /// Every colour of text has a contrast of at least 4.5 on its background, in both schemes.
  static let sheet = """
    :root { --page: #fff; --text: #1b1b1b; --soft: #595959; --rule: #dcdcdc; --box: #f5f5f2;
      --link: #0b5394; --command: #0b5394; --keyword: #7a1fa2; --number: #0a6640;
      --string: #8a3b00; --comment: #5f6368; --option: #5d4a00; --wrong: #b3261e;
      --warning: #7a5200; --help: #0a6660; --bar: #0072b2; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --page: #15181b; --text: #ececec; --soft: #a9a9a9; --rule: #33383d; --box: #1e2327;
        --link: #7cc4ff; --command: #7cc4ff; --keyword: #d7a3ff; --number: #7fd9a8;
        --string: #ffb27a; --comment: #9aa4ad; --option: #e0cf7a; --wrong: #ff8f85;
        --warning: #e8c15a; --help: #6fd6cc; --bar: #56b4e9; }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--page); color: var(--text);
      font: 17px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    main, nav { max-width: 48rem; margin: 0 auto; padding: 0 1.25rem; }
    main { padding-bottom: 4rem; overflow-wrap: break-word; }
    nav { padding-top: 1.5rem; font-size: .95rem; }
    nav ol { margin: .5rem 0; padding-left: 1.4rem; } nav ol ol { margin: 0; }
    a { color: var(--link); }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--page); padding: .3rem .6rem; }
    h1, h2, h3, h4 { line-height: 1.25; margin: 2.2rem 0 .8rem; }
    h1 { font-size: 2rem; } h2 { font-size: 1.5rem; } h3 { font-size: 1.2rem; }
    h2 { border-bottom: 1px solid var(--rule); padding-bottom: .3rem; }
    summary { cursor: pointer; color: var(--soft); }
    .fold { border: 1px solid var(--rule); border-radius: 6px; padding: .4rem .8rem; margin: 1rem 0; }
    code, pre, .said { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: .86rem; }
    p code, li code, td code, h1 code, h2 code, h3 code { background: var(--box); padding: .1em .3em;
      border-radius: 4px; overflow-wrap: anywhere; font-size: .86em; }
    pre { margin: .7rem 0; overflow-x: auto; line-height: 1.5; }
    pre.code { background: var(--box); border-radius: 6px; padding: .7rem .9rem; white-space: pre-wrap; }
    pre.input { border-left: 3px solid var(--bar); }
    pre.value, .said { padding: 0 .9rem; margin: .6rem 0 1rem; }
    .said, pre.line, figcaption, pre.failure .message { white-space: pre-wrap; }
    pre.failure { border-left: 3px solid var(--wrong); padding: .4rem .9rem; }
    .command { color: var(--command); font-weight: 600; }
    .keyword { color: var(--keyword); } .option { color: var(--option); }
    pre .number { color: var(--number); } .string { color: var(--string); }
    .comment { color: var(--comment); font-style: italic; }
    .wrong { color: var(--wrong); font-weight: 600; } .warning { color: var(--warning); font-weight: 600; }
    .help { color: var(--help); font-weight: 600; } .strong { font-weight: 600; }
    .faint { color: var(--soft); }
    .scroll { overflow-x: auto; margin: .8rem 0 1.2rem; padding: 0 .9rem; }
    table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .25rem .7rem; text-align: left; vertical-align: baseline; }
    td { overflow-wrap: normal; }
    thead th { border-bottom: 2px solid var(--rule); }
    tbody tr + tr > * { border-top: 1px solid var(--rule); }
    th.number, td.number { text-align: right; white-space: nowrap; }
    tbody th { font-weight: 400; }
    .scroll tbody th { color: var(--soft); }
    caption { caption-side: bottom; text-align: left; color: var(--soft); padding: .4rem .7rem; }
    .bars { width: 100%; margin: .8rem 0 1.2rem; padding: 0 .9rem; }
    .bars .rank { color: var(--soft); text-align: right; width: 2.5rem; }
    .bars td.bar { width: 34%; }
    .bars .bar span { display: block; height: .7rem; min-width: 1px; background: var(--bar); border-radius: 2px; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1.2rem;
      padding: 0 .9rem; font-size: .95rem; }
    dt { color: var(--soft); } dd { margin: 0; }
    blockquote { margin: 1rem 0; padding: 0 1rem; border-left: 3px solid var(--rule); color: var(--soft); }
    img { max-width: 100%; height: auto; }
    figure { margin: 1rem 0 1.6rem; }
    figure svg { display: block; width: 100%; height: auto; }
    figure .narrow { display: none; }
    .frames { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem; }
    .frames .wide { display: none; } .frames .narrow { display: block; }
    figcaption { color: var(--soft); font-size: .92rem; padding: .3rem .9rem; }
    :focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
    @media (max-width: 480px) {
      body { font-size: 16px; }
      main, nav { padding: 0 .9rem; }
      h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; }
      figure .wide { display: none; } figure .narrow { display: block; }
      .scroll table { font-size: .82rem; } .scroll :is(th, td) { padding: .25rem .35rem; }
      .scroll :is(th, td):first-child, caption { padding-left: 0; }
      .bars td.bar { width: 22%; }
      .scroll, pre.value, .said, figcaption { padding-left: 0; padding-right: 0; }
      dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
    }
    @media screen and (min-width: 1240px) {
      nav { position: fixed; top: 0; bottom: 0; right: calc(50vw + 24rem); width: min(16rem, 50vw - 24rem);
        overflow-y: auto; padding: 1.6rem .5rem 1.6rem 1.25rem; font-size: .85rem; line-height: 1.4; }
      nav ol { list-style: none; padding-left: 0; } nav ol ol { padding-left: .9rem; }
      nav li { margin: .35rem 0; } nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
    }
    @media print {
      body { font-size: 11pt; } nav, .skip { display: none; }
      pre { white-space: pre-wrap; } .scroll { overflow: visible; }
      pre, figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
      ::details-content { content-visibility: visible; block-size: auto; }
    }
    """
}
