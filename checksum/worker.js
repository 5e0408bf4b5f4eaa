// The end of the worker's script, put after what wasm-bindgen makes. Jobs that come before the code is
// there wait for it; if it cannot be had, each is told.
const ready = __wbg_init();
self.onmessage = ({ data }) =>
  ready.then(
    () => receive(data),
    () => data.cancel || self.postMessage({ id: data.id, error: "unavailable" }),
  );
