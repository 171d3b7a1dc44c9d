#!lua name=tidewaiter
-- Redis's whole part in the state store: compare and append. What the bytes of a record mean is the engine's business.
--
-- tw_add
--   KEYS  1 epoch   2... watermarks of P partitions   P + 2... records
--   ARGV  1 the epoch as the caller knows it, without its last byte   2 the watermarks as the caller knows them: 12 bytes each, all 0xff for none
--         3 the watermarks to write: 20 bytes each, which says how many partitions there are   4 compactions   5 '1' when the events are live
--         6... bytes to append to the record KEYS[n - 4 + P]
--   Nothing changes unless the epoch and every watermark are what the caller knows, and the epoch is open where events are live. An epoch's
--   last byte says whether it is: 'o' open, 'c' closed.
--   Reply: 'EPOCH' | 'MOVED' alone, or 'OK', each watermark and each record as it was before.
--
-- A record is a generation (u32) and then anything. A compaction is: index of the key u16, generation u32, upto u32, length u32, bytes:
-- it replaces [4, upto) by its bytes, if the record still has that generation, and makes the generation one more.
--
-- The epoch is written back as it was: who watches it sees every append to the shard (redis_turn.h).
--
-- One MGET and one MSET a call: a function with two writes can be torn in the append-only file of Redis 7.0 by a crash.
-- The engine replaces a library whose tw_version is not its own.

local EMPTY = '\0\0\0\0\0'
local NONE = ('\255'):rep(12)

local function compacted(held, plan)
  local out, at = {}, 1
  while at <= #plan do
    local key, generation, upto, length = struct.unpack('<I2I4I4I4', plan, at)
    at = at + 14
    local record = held[key]
    if record and struct.unpack('<I4', record) == generation then
      out[key] = struct.pack('<I4', (generation + 1) % 4294967296) .. plan:sub(at, at + length - 1) .. record:sub(upto + 1)
    end
    at = at + length
  end
  return out
end

local function append(keys, args)
  local held = redis.call('MGET', unpack(keys))
  local epoch = held[1] or ''
--#ifdef TW_BREAK_EPOCH /* negative control (Makefile, BREAK): never shipped */
--+  epoch = args[1] .. 'o'
--#endif
  if epoch:sub(1, -2) ~= args[1] or (args[5] == '1' and epoch:sub(-1) ~= 'o') then
    return {'EPOCH'}
  end
  local known, to = args[2], args[3]
  local partitions = #to / 20
  local stored = held[1] and {keys[1], held[1]} or {}
  local last = #stored
  for i = 1, partitions do
    local watermark = held[i + 1]
    if (watermark and watermark:sub(1, 12) or NONE) ~= known:sub(12 * i - 11, 12 * i) then
      return {'MOVED'}
    end
    stored[last + 1] = keys[i + 1]
    stored[last + 2] = to:sub(20 * i - 19, 20 * i)
    last = last + 2
  end
  local replaced = #args[4] > 0 and compacted(held, args[4]) or {}
  local entries = 4 - partitions
  for i = partitions + 2, #keys do
    stored[last + 1] = keys[i]
    stored[last + 2] = (replaced[i] or held[i] or EMPTY) .. args[i + entries]
    last = last + 2
  end
--#ifdef TW_BREAK_MSET /* negative control: two writes */
--+  redis.call('SET', keys[2], to:sub(1, 20))
--#endif
  redis.call('MSET', unpack(stored))
  held[1] = 'OK'
  return held
end

-- KEYS 1 topics: names, one a line; a name's line number is its id in every tag, which has 4 bits for it. ARGV 1 the name.
-- Reply: all names.
local function topic(keys, args)
  local names = redis.call('GET', keys[1]) or ''
  if not ('\n' .. names):find('\n' .. args[1] .. '\n', 1, true) then
    local _, count = names:gsub('\n', '')
    if count >= 16 then
      return redis.error_reply('ERR more than 16 input topics')
    end
    names = names .. args[1] .. '\n'
    redis.call('SET', keys[1], names)
  end
  return names
end

-- KEYS 1 epoch. ARGV 1 the epoch as the caller knows it, empty for none   2 the epoch to write.
-- Reply: the epoch that was there: the new one is in if that is what the caller knew.
local function epoch(keys, args)
  local held = redis.call('GET', keys[1]) or ''
  if held == args[1] then
    redis.call('SET', keys[1], args[2])
  end
  return held
end

redis.register_function('tw_add', append)
redis.register_function('tw_epoch', epoch)
redis.register_function('tw_topic', topic)
redis.register_function{
  function_name = 'tw_version',
  callback = function() return '4' end,
  flags = {'no-writes'},
}
