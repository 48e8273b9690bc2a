// An address that has moved: the refresh of the page would drop the fragment, so go there with it instead.
const { target } = document.currentScript.dataset;

if (location.hash && !target.includes("#")) {
  stop(); // the page does not come to its refresh
  location.replace(target + location.hash);
}
