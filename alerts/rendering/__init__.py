"""From a delivery's bytes to what people read in a chat, a mail or on call: words, times, templates. Pure."""
