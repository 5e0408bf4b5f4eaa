// The console draws itself with addresses of a site that has its host for itself. Where it stands below a path, they
// are completed here, as they go into the document, before anything else of the page runs.
((root) => {
  const names = new Set(["href", "src", "action", "formaction", "poster"]);
  const { setAttribute } = Element.prototype;
  const isOurs = (text) => text.startsWith("/") && !text.startsWith("//");
  const isBelow = (text) => text.startsWith(root) && /^($|[/?#])/.test(text.slice(root.length));
  Element.prototype.setAttribute = function (name, value) {
    const text = String(value);
    const there = names.has(name) && isOurs(text) && !isBelow(text) ? root + text : value;
    return setAttribute.call(this, name, there);
  };
  // A proxy that takes the path off shows the first page also without the slash, which no route has.
  const { pathname, search, hash } = location;
  if (pathname === root) history.replaceState(history.state, "", root + "/" + search + hash);
})
