#!lua flags=allow-oom
-- revoke: forget a token.
--
--   KEYS[1] tokens: digest → token  KEYS[2] token_names: name → digest
--   ARGV[1] name
--
-- Returns how many were forgotten. Allowed in a server without memory: it frees some.

local digest = redis.call("HGET", KEYS[2], ARGV[1])
if not digest then
  return 0
end
redis.call("HDEL", KEYS[2], ARGV[1])
return redis.call("HDEL", KEYS[1], digest)
