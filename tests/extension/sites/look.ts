/** What the imitations share of a page. */
export const page = (title: string, body: string, style = ''): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #111; font: 15px/1.5 sans-serif }
a { color: inherit }
video { display: block; background: #000 }
button { font: inherit }
${style}
</style>
</head>
<body>
${body}
</body>
</html>
`
