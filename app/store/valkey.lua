-- The store on Valkey or Redis. Each call of this script is one act that nothing comes between.
--
-- KEYS[1]  what all names of keys begin with, here P
-- KEYS[2]  no key: until when somebody waits for the answer, by this server's clock; later, nothing
--          is done, since whoever asked has said by then that nothing was
-- ARGV[1]  the act; ARGV[2] what the clock of a test says, else empty; then what the act needs
--
-- P n:KEY    a network: v version, o op, e when it expires, s stamp of its last write, d data
-- P b:KEY    its blocks by name
-- P r:KEY    its run, under way or just over: op, tab, first, last, about, look, stop, ended
-- P about    of each network: its size in bytes, a space, and its client
-- P brief    networks that nobody has touched, by when they expire; P lasting: the others
-- P of:C     those of a client C that nobody has touched, in the order that P made counts
-- P held, P sizes, P shares  networks and bytes of each client, and which part of the limits
-- P m:KEY    a network's room: token, code, look, turns, ends, and its question, number, stage; first,
--            the KEY that it was opened on, and moved; P t:TOKEN and P j:CODE: its KEY
-- P a:KEY    the answers to its question, by device: whether it followed, 1 or 0, and the answer
-- P p:TOKEN  devices that follow, each with how often
-- P f:TOKEN  who follows through which process: how many, and when it said so; P rooms by their end
-- P h:NAME   the places for long work that a process NAME holds, by hashes of addresses and networks;
--            P holders: the processes that have such
-- P limits   how many networks and bytes there may be; P used: how many bytes there are
-- P clock    now: for how many seconds the store has served; seen: when somebody looked last
-- P servers  who serves, and when they were last seen; P secret: the key of clients' hashes
local P, act = KEYS[1], ARGV[1]
local call = redis.call
local GAP, STANDSTILL, RUN, RECENT, HERE = 300, 7 * 86400, 15000, 5000, 6000

local function text(number)
  return string.format('%.17g', number)
end

local function wall()
  local time = call('TIME')
  return time[1] + time[2] / 1000000
end

-- Seconds of service: a gap in which nobody looked, or a jump of the clock, counts for little.
local function clock(writes)
  local known = call('HMGET', P .. 'clock', 'now', 'seen')
  local reading, most = tonumber(ARGV[2]), math.huge
  if not reading then
    reading, most = wall(), GAP
  end
  local seen = tonumber(known[2]) or reading
  local now = (tonumber(known[1]) or 0) + math.min(math.max(reading - seen, 0), most)
  if writes and (not known[1] or math.abs(reading - seen) >= 1) then
    call('HSET', P .. 'clock', 'now', text(now), 'seen', text(reading))
  end
  return now
end

-- What nobody removes, since nobody serves, goes by itself in the end.
local function keep(key, seconds)
  local milliseconds = math.ceil((seconds + STANDSTILL) * 1000)
  call('PEXPIRE', P .. 'n:' .. key, milliseconds)
  call('PEXPIRE', P .. 'b:' .. key, milliseconds)
end

local function used()
  return tonumber(call('GET', P .. 'used') or 0)
end

local function count()
  return call('ZCARD', P .. 'brief') + call('ZCARD', P .. 'lasting')
end

local function about(key)
  local line = call('HGET', P .. 'about', key)
  if not line then
    return nil
  end
  local size, client = string.match(line, '^(%d+) (.*)$')
  return tonumber(size), client
end

-- A client has so many networks and bytes more or fewer.
local function hold(client, networks, size)
  size = string.format('%d', size)
  call('INCRBY', P .. 'used', size)
  local held = call('HINCRBY', P .. 'held', client, networks)
  local taken = call('HINCRBY', P .. 'sizes', client, size)
  if held <= 0 then
    call('HDEL', P .. 'held', client)
    call('HDEL', P .. 'sizes', client)
    call('ZREM', P .. 'shares', client)
  else
    local limits = call('HMGET', P .. 'limits', 'networks', 'bytes')
    call('ZADD', P .. 'shares', text(math.max(held / limits[1], taken / limits[2])), client)
  end
end

local function wake(key)
  call('PUBLISH', P .. 'woken', key)
end

local function end_room(key)
  local name = P .. 'm:' .. key
  local one = call('HMGET', name, 'token', 'code')
  if one[1] then
    call('UNLINK', name, P .. 't:' .. one[1], P .. 'j:' .. one[2], P .. 'f:' .. one[1])
    call('UNLINK', P .. 'a:' .. key, P .. 'p:' .. one[1])
    call('ZREM', P .. 'rooms', key)
    wake(key)
  end
end

local function drop(key)
  end_room(key)
  local size, client = about(key)
  if size then
    hold(client, -1, -size)
    call('ZREM', P .. 'of:' .. client, key)
    call('HDEL', P .. 'about', key)
  end
  call('ZREM', P .. 'brief', key)
  call('ZREM', P .. 'lasting', key)
  call('UNLINK', P .. 'n:' .. key, P .. 'b:' .. key, P .. 'r:' .. key)
end

local function expired(now)
  for _, name in ipairs({'brief', 'lasting'}) do
    local first = call('ZRANGEBYSCORE', P .. name, '-inf', text(now), 'LIMIT', 0, 1)
    if first[1] then
      return first[1]
    end
  end
end

local function purge(now, most)
  for _ = 1, most do
    local key = expired(now)
    if not key then
      return false
    end
    drop(key)
  end
  return expired(now) ~= nil
end

local function wait_for_room(now)
  local first
  for _, name in ipairs({'brief', 'lasting'}) do
    local one = call('ZRANGE', P .. name, 0, 0, 'WITHSCORES')
    if one[2] and (not first or tonumber(one[2]) < first) then
      first = tonumber(one[2])
    end
  end
  return text(math.max((first or now) - now, 1))
end

-- A client has at most four times what is free; nobody in particular has no such bound.
local function grants(client, bytes)
  local taken = tonumber(call('HGET', P .. 'sizes', client))
  return client == '' or not taken or taken < 4 * (bytes - used())
end

local function admits(client, most, bytes)
  local free = most - count()
  local held = tonumber(call('HGET', P .. 'held', client) or 0)
  return free > 0 and (client == '' or held < 4 * free) and grants(client, bytes)
end

-- The oldest untouched network of one of the busiest clients, busier than this one.
local function replaceable(client, now, brief)
  local own = tonumber(call('ZSCORE', P .. 'shares', client) or 0)
  local busiest = call('ZREVRANGE', P .. 'shares', 0, 3, 'WITHSCORES')
  for index = 1, #busiest, 2 do
    if client == '' or tonumber(busiest[index + 1]) <= own then
      return nil
    end
    local oldest = call('ZRANGE', P .. 'of:' .. busiest[index], 0, 0)[1]
    local expires = oldest and tonumber(call('ZSCORE', P .. 'brief', oldest) or now)
    if oldest and expires <= now + brief - math.min(600, brief / 2) then
      return oldest
    end
  end
end

local function write_blocks(key, from)
  local size = 0
  for index = from, #ARGV, 2 do
    call('HSET', P .. 'b:' .. key, ARGV[index], ARGV[index + 1])
    size = size + #ARGV[index + 1]
  end
  return size
end

local function blocks_size(from)
  local size = 0
  for index = from + 1, #ARGV, 2 do
    size = size + #ARGV[index]
  end
  return size
end

local function found(key, now)
  local one = call('HMGET', P .. 'n:' .. key, 'v', 'o', 's', 'e')
  if one[1] and tonumber(one[4]) > now then
    return one
  end
end

local function run_of(key)
  return call('HGETALL', P .. 'r:' .. key)
end

local acts = {}

-- key, stamp, client, whether it is brief, its time, brief time, most networks and bytes, op, data
function acts.create()
  local key, client, is_brief = ARGV[3], ARGV[5], ARGV[6] == '1'
  local seconds, brief = tonumber(ARGV[7]), tonumber(ARGV[8])
  local most, bytes, now = tonumber(ARGV[9]), tonumber(ARGV[10]), clock(true)
  local size = #ARGV[12] + blocks_size(13)
  call('HSET', P .. 'limits', 'networks', most, 'bytes', bytes)
  purge(now, 100)
  for turn = 1, 33 do
    if admits(client, most, bytes) then
      break
    end
    local replaced = turn < 33 and replaceable(client, now, brief)
    if not replaced then
      local held = call('HGET', P .. 'held', client) or '0'
      return {'capacity', wait_for_room(now), held, count()}
    end
    drop(replaced)
  end
  if used() + size > bytes then
    return {'full'}
  end
  if found(key, now) then
    return {'exists'}
  end
  local expires = text(now + seconds)
  call('HSET', P .. 'n:' .. key, 'v', 1, 'o', ARGV[11], 's', ARGV[4], 'e', expires, 'd', ARGV[12])
  write_blocks(key, 13)
  call('ZADD', P .. (is_brief and 'brief' or 'lasting'), expires, key)
  if is_brief then
    call('ZADD', P .. 'of:' .. client, call('INCR', P .. 'made'), key)
  end
  call('HSET', P .. 'about', key, size .. ' ' .. client)
  hold(client, 1, size)
  keep(key, seconds)
  return {'done'}
end

-- key, the version and the stamp that are known, how many bytes of data are sent all the same
function acts.load()
  local key = ARGV[3]
  local one = found(key, clock(false))
  if not one then
    return {'gone'}
  end
  local known = one[1] == ARGV[4] and one[3] == ARGV[5]
  local name = P .. 'n:' .. key
  if known and call('HSTRLEN', name, 'd') > tonumber(ARGV[6]) then
    return {'known', one[1], one[2], one[3], '', run_of(key), {}}
  end
  local blocks = known and {} or call('HGETALL', P .. 'b:' .. key)
  return {known and 'known' or 'found', one[1], one[2], one[3], call('HGET', name, 'd'), run_of(key), blocks}
end

-- key, expected version, new stamp, its time, most networks and bytes, op, alone, data, blocks
function acts.save()
  local key, now, name = ARGV[3], clock(true), P .. 'n:' .. ARGV[3]
  local one = found(key, now)
  if not one then
    return {'gone'}
  end
  local version, op, run = tonumber(one[1]), ARGV[9], P .. 'r:' .. key
  if one[1] ~= ARGV[4] then
    return {'conflict', version}
  end
  local of_run = string.match(op, '^run:([^\n]*)') -- how it ended comes next
  if of_run and (call('HGET', run, 'op') ~= of_run or call('HEXISTS', run, 'stop') == 1) then
    return {'conflict', version}
  end
  local most, bytes, alone = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[10] == '1'
  local size, client = about(key)
  local after = #ARGV[11] + blocks_size(12)
  if not alone then
    after = after + (size or 0) - call('HSTRLEN', name, 'd')
    for index = 12, #ARGV, 2 do
      after = after - call('HSTRLEN', P .. 'b:' .. key, ARGV[index])
    end
  end
  if (alone or #ARGV > 11) and not grants(client, bytes) then
    return {'share'}
  end
  if after > size and used() + after - size > bytes then
    return {'full'}
  end
  local expires = text(now + tonumber(ARGV[6]))
  call('HSET', name, 'v', version + 1, 'o', op, 's', ARGV[5], 'e', expires, 'd', ARGV[11])
  if alone then
    call('UNLINK', P .. 'b:' .. key)
  end
  write_blocks(key, 12)
  if call('EXISTS', P .. 'm:' .. key) == 1 then
    wake(key)
  end
  call('ZREM', P .. 'brief', key)
  call('ZREM', P .. 'of:' .. client, key)
  call('ZADD', P .. 'lasting', expires, key)
  call('HSET', P .. 'about', key, after .. ' ' .. client)
  hold(client, 0, after - size)
  keep(key, tonumber(ARGV[6]))
  if of_run then
    call('HSET', run, 'last', version + 1)
    call('PEXPIRE', run, RUN)
  end
  return {'done', version + 1, run_of(key)}
end

-- key, expected version or empty
function acts.delete()
  local one = found(ARGV[3], clock(true))
  if not one then
    return {'gone'}
  end
  if ARGV[4] ~= '' and one[1] ~= ARGV[4] then
    return {'conflict', tonumber(one[1])}
  end
  drop(ARGV[3])
  return {'done'}
end

-- who serves, a fresh secret, for how many milliseconds a secret holds
function acts.tidy()
  local now = clock(true)
  call('ZADD', P .. 'servers', text(wall()), ARGV[3])
  call('SET', P .. 'secret', ARGV[4], 'NX', 'PX', ARGV[5])
  local more = purge(now, 50)
  return {more and 1 or 0, count(), call('GET', P .. 'secret')}
end

function acts.leave()
  return call('ZREM', P .. 'servers', ARGV[3])
end

-- most networks, brief time, something to write
function acts.check()
  local now, brief = clock(true), tonumber(ARGV[4])
  call('SET', P .. 'probe', ARGV[5], 'PX', 1000)
  call('UNLINK', P .. 'probe')
  purge(now, 50)
  if count() >= tonumber(ARGV[3]) and not replaceable('-', now, brief) then
    return {'capacity', wait_for_room(now), '0', count()}
  end
  return {'done'}
end

-- for how many seconds somebody who serves is believed to
function acts.look()
  call('SET', P .. 'probe', 1, 'PX', 1000)
  call('ZREMRANGEBYSCORE', P .. 'servers', '-inf', text(wall() - tonumber(ARGV[3])))
  return {count(), used(), call('ZCARD', P .. 'servers')}
end

-- --- runs --------------------------------------------------------------------------------------

-- key
function acts.run_of()
  return run_of(ARGV[3])
end

-- key, op, tab, the version it begins at, what pages say about it
function acts.begin_run()
  local name = P .. 'r:' .. ARGV[3]
  if ARGV[4] ~= '' and call('HGET', name, 'op') == ARGV[4] then
    return 0
  end
  call('UNLINK', name)
  call('HSET', name, 'op', ARGV[4], 'tab', ARGV[5], 'first', ARGV[6], 'last', ARGV[6])
  call('HSET', name, 'about', ARGV[7])
  call('PEXPIRE', name, RUN)
  return 1
end

local function stop(name, tab)
  if call('HSETNX', name, 'stop', tab) == 1 then
    call('PEXPIRE', name, RECENT)
  end
end

-- key, tab: no later frame of the run is written
function acts.stop_run()
  local name = P .. 'r:' .. ARGV[3]
  if call('EXISTS', name) == 1 then
    stop(name, ARGV[4])
  end
  return 1
end

-- key, op
function acts.end_run()
  local name = P .. 'r:' .. ARGV[3]
  if call('HGET', name, 'op') == ARGV[4] then
    call('HSET', name, 'ended', 1)
    call('PEXPIRE', name, RECENT)
  end
  return 1
end

-- key, version, tab: the version that a form at this one means, and whether it has ended a run
function acts.settle_run()
  local name = P .. 'r:' .. ARGV[3]
  local run = call('HMGET', name, 'first', 'last', 'tab', 'stop', 'ended')
  local version = tonumber(ARGV[4])
  if not run[1] then
    return {version, 0}
  end
  local goes_on = not run[4] and not run[5]
  local is_meant = version >= tonumber(run[1]) and version <= tonumber(run[2])
  if not is_meant or not (goes_on or run[3] == ARGV[5]) then
    return {version, goes_on and 1 or 0}
  end
  stop(name, ARGV[5])
  return {tonumber(run[2]), goes_on and 1 or 0}
end

-- key, the look of its page before, and now
function acts.turn_run()
  local name = P .. 'r:' .. ARGV[3]
  if call('HEXISTS', name, 'op') == 1 then
    call('HSET', name, 'look', ARGV[4])
  end
  return 1
end

-- process, for how many milliseconds it is believed, how many names are wanted; each with the most
-- there may be; then what it holds: the most that is reached, or 0
function acts.hold()
  local own, wanted, names, full = P .. 'h:' .. ARGV[3], tonumber(ARGV[5]), P .. 'holders', 0
  call('UNLINK', own)
  for index = 6 + 2 * wanted, #ARGV, 2 do
    call('HSET', own, ARGV[index], ARGV[index + 1])
  end
  call('SADD', names, ARGV[3])
  local holders = call('SMEMBERS', names)
  for index = 6, 5 + 2 * wanted, 2 do
    local taken, most = 0, tonumber(ARGV[index + 1])
    for _, holder in ipairs(holders) do
      taken = taken + tonumber(call('HGET', P .. 'h:' .. holder, ARGV[index]) or 0)
    end
    if full == 0 and taken >= most then
      full = most
    end
  end
  for index = 6, full == 0 and 5 + 2 * wanted or 0, 2 do
    call('HINCRBY', own, ARGV[index], 1)
  end
  call('PEXPIRE', own, ARGV[4])
  for _, holder in ipairs(holders) do
    if call('EXISTS', P .. 'h:' .. holder) == 0 then
      call('SREM', names, holder)
    end
  end
  return full
end

-- --- rooms --------------------------------------------------------------------------------------

local function room(key, now)
  local one = call('HMGET', P .. 'm:' .. key, 'token', 'code', 'look', 'turns', 'ends', 'question', 'number', 'stage', 'first', 'moved')
  if one[1] and tonumber(one[5]) > now and found(key, now) then
    return {key, one[1], one[2], one[3], one[4], one[6] or '', one[7] or '0', one[8] or '0', one[9] or '', one[10] or '0'}
  end
end

-- key, token, code, look, for how many seconds, most rooms
function acts.open_room()
  local key, now, name = ARGV[3], clock(true), P .. 'm:' .. ARGV[3]
  for _, old in ipairs(call('ZRANGEBYSCORE', P .. 'rooms', '-inf', text(now))) do
    end_room(old)
  end
  local found = room(key, now)
  if found then
    return {'found', found}
  end
  if call('ZCARD', P .. 'rooms') >= tonumber(ARGV[8]) then
    return {'full', {}}
  end
  if call('EXISTS', P .. 'j:' .. ARGV[5], P .. 't:' .. ARGV[4]) > 0 then
    return {'taken', {}}
  end
  local ends = text(now + tonumber(ARGV[7]))
  local milliseconds = math.ceil((tonumber(ARGV[7]) + STANDSTILL) * 1000)
  call('HSET', name, 'token', ARGV[4], 'code', ARGV[5], 'look', ARGV[6], 'turns', 0, 'ends', ends)
  call('PEXPIRE', name, milliseconds)
  call('SET', P .. 't:' .. ARGV[4], key, 'PX', milliseconds)
  call('SET', P .. 'j:' .. ARGV[5], key, 'PX', milliseconds)
  call('ZADD', P .. 'rooms', ends, key)
  return {'done', {}}
end

-- "m:" and a key, "t:" and a token, or "j:" and a code
function acts.room()
  local key = ARGV[4]
  if ARGV[3] ~= 'm:' then
    key = call('GET', P .. ARGV[3] .. key)
  end
  return key and room(key, clock(false)) or {}
end

-- key, look
function acts.turn_room()
  local name = P .. 'm:' .. ARGV[3]
  local look = call('HGET', name, 'look')
  if look and look ~= ARGV[4] then
    call('HSET', name, 'look', ARGV[4])
    call('HINCRBY', name, 'turns', 1)
    wake(ARGV[3])
  end
  return 1
end

-- key, the other network's, look
function acts.move_room()
  local key, to, now = ARGV[3], ARGV[4], clock(true)
  local one, before, after = room(key, now), found(key, now), found(to, now)
  local name, other = P .. 'm:' .. key, P .. 'm:' .. to
  if not one or not after or room(to, now) then
    return 0
  end
  end_room(to)  -- one that is over
  local turns = tonumber(one[5]) + tonumber(before[1]) + 1
  local first = one[9] == '' and key or one[9]
  call('RENAME', name, other)
  call('HSET', other, 'look', ARGV[5], 'turns', turns, 'first', first, 'moved', turns + tonumber(after[1]))
  call('HDEL', other, 'question', 'number', 'stage')
  call('SET', P .. 't:' .. one[2], to, 'PX', call('PTTL', other))
  call('SET', P .. 'j:' .. one[3], to, 'PX', call('PTTL', other))
  call('UNLINK', P .. 'a:' .. key)
  call('ZADD', P .. 'rooms', call('HGET', other, 'ends'), to)
  call('ZREM', P .. 'rooms', key)
  wake(key)
  wake(to)
  return 1
end

-- key
function acts.end_room()
  end_room(ARGV[3])
  return 1
end

-- key, question, its stage: its number
function acts.ask()
  local key, name = ARGV[3], P .. 'm:' .. ARGV[3]
  if not room(key, clock(false)) then
    return 0
  end
  local number = call('HINCRBY', name, 'turns', 1)
  call('HSET', name, 'question', ARGV[4], 'number', number, 'stage', ARGV[5])
  call('UNLINK', P .. 'a:' .. key)
  wake(key)
  return number
end

-- key, number, stage
function acts.advance()
  local name = P .. 'm:' .. ARGV[3]
  local one = call('HMGET', name, 'number', 'stage')
  local stage = tonumber(one[2] or 0)
  if one[1] ~= ARGV[4] or stage == 0 or stage >= tonumber(ARGV[5]) then
    return 0
  end
  call('HSET', name, 'stage', ARGV[5])
  call('HINCRBY', name, 'turns', 1)
  wake(ARGV[3])
  return 1
end

-- token, number, device, answer, most answers
function acts.answer()
  local key = call('GET', P .. 't:' .. ARGV[3])
  local one = key and room(key, clock(false))
  if not one or one[7] ~= ARGV[4] or one[8] ~= '1' then
    return 'late'
  end
  local name, device = P .. 'a:' .. key, ARGV[5]
  local known = call('HGET', name, device)
  if not known and call('HLEN', name) >= tonumber(ARGV[7]) then
    return 'full'
  end
  local follows = call('HEXISTS', P .. 'p:' .. ARGV[3], device) == 1 or string.sub(known or '', 1, 1) == '1'
  call('HSET', name, device, (follows and '1' or '0') .. ARGV[6])
  call('PEXPIRE', name, math.max(call('PTTL', P .. 'm:' .. key), 1))
  return 'done'
end

-- token, device
function acts.answered()
  local key = call('GET', P .. 't:' .. ARGV[3])
  return key and call('HGET', P .. 'a:' .. key, ARGV[4]) or ''
end

-- key
function acts.answers()
  return call('HVALS', P .. 'a:' .. ARGV[3])
end

-- token, device, 1 if it comes and -1 if it goes
function acts.arrive()
  local key, name = call('GET', P .. 't:' .. ARGV[3]), P .. 'p:' .. ARGV[3]
  if key and call('HINCRBY', name, ARGV[4], ARGV[5]) <= 0 then
    call('HDEL', name, ARGV[4])
  elseif key then
    call('PEXPIRE', name, math.max(call('PTTL', P .. 'm:' .. key), 1))
  end
  return 1
end

-- token, process, how many follow through it: how many follow in all
function acts.attend()
  local name, now, all = P .. 'f:' .. ARGV[3], clock(false), 0
  call('HSET', name, ARGV[4], ARGV[5] .. ' ' .. text(now))
  call('PEXPIRE', name, HERE)
  local told = call('HGETALL', name)
  for index = 1, #told, 2 do
    local count, at = string.match(told[index + 1], '^(%d+) (%S+)$')
    if now - tonumber(at) <= HERE / 1000 then
      all = all + tonumber(count)
    end
  end
  return all
end

function acts.count_rooms()
  return call('ZCOUNT', P .. 'rooms', '(' .. text(clock(false)), '+inf')
end

if KEYS[2] ~= '' and wall() > tonumber(KEYS[2]) then
  return {'late'}
end
return acts[act]()
