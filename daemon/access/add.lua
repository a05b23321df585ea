#!lua
-- add: keep a token, once per name.
--
--   KEYS[1] tokens: digest → token  KEYS[2] token_names: name → digest
--   ARGV[1] name  ARGV[2] digest  ARGV[3] token  ARGV[4] how many may be kept
--
-- Returns done, taken or full. Said again after an unknown outcome, it is done: the digest is drawn for each token.

local held = redis.call("HGET", KEYS[2], ARGV[1])
if held and held ~= ARGV[2] then
  return "taken"
end
if not held and redis.call("HLEN", KEYS[1]) >= tonumber(ARGV[4]) then
  return "full"
end
redis.call("HSET", KEYS[1], ARGV[2], ARGV[3])
redis.call("HSET", KEYS[2], ARGV[1], ARGV[2])
return "done"
