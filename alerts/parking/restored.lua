#!lua
-- restored: all of a parked topic was put back into this store.
--
--   KEYS[1] incarnation  KEYS[2] restored
--   ARGV[1] incarnation  ARGV[2] topic
--
-- Returns 1, or 0 where the store is another one. Safe to repeat.

if redis.call("GET", KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call("SET", KEYS[2], ARGV[2])
return 1
