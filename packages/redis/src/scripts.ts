/**
 * Commits. KEYS: what is known of the collection, the position, the names of all its keys. ARGV: the beginning of its keys'
 * names, the generation, from, token, epoch, position, event id, and then for each document: the place (`0:tenant`), key, what to
 * write (empty: delete), and how many entries there are, as pairs of a set and a member.
 */
export const commitScript = `
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then return 'unknown' end
if generation ~= ARGV[2] then return 'outdated' end
local stands = redis.call('HMGET', KEYS[2], 'position', 'token')
if (stands[1] or '') ~= ARGV[3] or tonumber(stands[2] or '0') > tonumber(ARGV[4]) then return 'fenced' end
redis.call('HSET', KEYS[2], 'epoch', ARGV[5], 'position', ARGV[6], 'event', ARGV[7], 'token', ARGV[4])
redis.call('SADD', KEYS[3], KEYS[2])
local at = 8
while at <= #ARGV do
  local place, key, content, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local documents, keys, entries = ARGV[1] .. 'documents:' .. place, ARGV[1] .. 'keys:' .. place, ARGV[1] .. 'entries:' .. place
  local old = redis.call('HGET', entries, key)
  if old then
    local pairs = cmsgpack.unpack(old)
    for i = 1, #pairs, 2 do redis.call('ZREM', ARGV[1] .. pairs[i] .. ':' .. place, pairs[i + 1]) end
    redis.call('HDEL', entries, key)
  end
  if content == '' then
    redis.call('HDEL', documents, key)
    redis.call('ZREM', keys, key)
  else
    redis.call('HSET', documents, key, content)
    redis.call('ZADD', keys, 0, key)
    redis.call('SADD', KEYS[3], documents, keys)
    local new = {}
    for i = at + 4, at + 3 + 2 * count, 2 do
      local set = ARGV[1] .. ARGV[i] .. ':' .. place
      redis.call('ZADD', set, 0, ARGV[i + 1])
      redis.call('SADD', KEYS[3], set)
      new[#new + 1] = ARGV[i]
      new[#new + 1] = ARGV[i + 1]
    end
    if count > 0 then
      redis.call('HSET', entries, key, cmsgpack.pack(new))
      redis.call('SADD', KEYS[3], entries)
    end
  end
  at = at + 4 + 2 * count
end
return 'written'
`

/**
 * Makes a collection, or adds to what is known of it. KEYS: what is known of the collection, the names of all its keys.
 * ARGV: whether it is searchable, and the paths that get an index. Gives 1 if something was added to what was there.
 */
export const defineScript = `
local isNew = redis.call('HSETNX', KEYS[1], 'generation', '0') == 1
redis.call('SADD', KEYS[2], KEYS[1])
local changed = 0
if ARGV[1] == '1' and redis.call('HGET', KEYS[1], 'searchable') ~= '1' then
  redis.call('HSET', KEYS[1], 'searchable', '1')
  changed = 1
end
for i = 2, #ARGV do
  if redis.call('HEXISTS', KEYS[1], 'index:' .. ARGV[i]) == 0 then
    local number = redis.call('HINCRBY', KEYS[1], 'indexes', 1)
    redis.call('HSET', KEYS[1], 'index:' .. ARGV[i], number)
    changed = 1
  end
end
if changed == 1 then redis.call('HINCRBY', KEYS[1], 'generation', 1) end
return (changed == 1 and not isNew) and 1 or 0
`

/**
 * Adds the entries of a document that was written before its index was there, unless it was written again meanwhile. KEYS:
 * the names of all keys. ARGV: the beginning of the keys' names, place, key, content, and pairs of a set and a member.
 */
export const addEntriesScript = `
if redis.call('HGET', ARGV[1] .. 'documents:' .. ARGV[2], ARGV[3]) ~= ARGV[4] then return 0 end
local entries = ARGV[1] .. 'entries:' .. ARGV[2]
local old = redis.call('HGET', entries, ARGV[3])
local pairs = old and cmsgpack.unpack(old) or {}
for i = 5, #ARGV, 2 do
  local set = ARGV[1] .. ARGV[i] .. ':' .. ARGV[2]
  if redis.call('ZADD', set, 0, ARGV[i + 1]) == 1 then
    pairs[#pairs + 1] = ARGV[i]
    pairs[#pairs + 1] = ARGV[i + 1]
  end
  redis.call('SADD', KEYS[1], set, entries)
end
redis.call('HSET', entries, ARGV[3], cmsgpack.pack(pairs))
return 1
`
