// The guide of the first run opens by itself, once, where nobody has seen it yet.

/** Open the guide where the device was never set up, and whoever looks may do so. */
export function welcome(device) {
  let asked = false;
  device.onStatus((status) => {
    if (asked || status.welcomed !== false || !device.may("admin")) return;
    asked = true;
    if (!location.hash) location.hash = "first";
  });
}
