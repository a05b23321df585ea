#!lua flags=no-writes
-- fates: what became of some deliveries.
--
--   KEYS[1] told     KEYS[2] deliveries  KEYS[3] pending  KEYS[4] digested  KEYS[5] dead
--   KEYS[6] attempts
--   ARGV[1 …] deliveries
--
-- Returns {state, failed attempts, reason of a dead one, digest} for each.

local reply = {}
for _, id in ipairs(ARGV) do
  local dead = redis.call("HGET", KEYS[5], id)
  local digest = redis.call("HGET", KEYS[4], id)
  local state, failed, reason = "unknown", 0, ""
  if redis.call("HEXISTS", KEYS[3], id) == 1 then
    state = "pending"
  elseif redis.call("HEXISTS", KEYS[2], id) == 1 or digest then
    state = "unfinished"
    failed = tonumber(redis.call("HGET", KEYS[6], digest or id) or 0)
  elseif dead then
    state = "dead"
    reason, failed = string.match(dead, "^(%S+) (%d+) ")
  elseif redis.call("ZSCORE", KEYS[1], id) then
    state = "delivered"
  end
  reply[#reply + 1] = { state, tonumber(failed), reason, digest or "" }
end
return reply
