"""The deliver side: leases what is due, lets senders try it, settles; receivers that fail, are removed, or live."""
