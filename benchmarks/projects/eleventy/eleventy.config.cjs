const markdownIt = require("markdown-it");
const katex = require("@vscode/markdown-it-katex").default;

module.exports = (config) => {
  config.setLibrary("md", markdownIt({ html: true }).use(katex, { throwOnError: true }));
  return { markdownTemplateEngine: false, dir: { input: "content", includes: "../_includes", output: "_site" } };
};
