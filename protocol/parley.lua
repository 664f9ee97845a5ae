-- Parley's protocol, version 1, for Wireshark and tshark (4.0 and later).
--
-- Made from SPEC.md, whose sections it follows: numbers, the frame's fields,
-- payloads byte by byte, then what belongs together, and what the bytes may not
-- be. docs/wireshark.md tells how to install it and what can be done with it.

local parley = Proto("parley", "Parley")

-- Section 3: numbers ----------------------------------------------------------

local REQUEST, RESPONSE, INDICATION = 1, 2, 3
local TYPES = {
  [REQUEST] = "request",
  [RESPONSE] = "response",
  [INDICATION] = "indication",
}

local HELLO, TIME, NAME, LIST, SEND = 1, 2, 3, 4, 5
local MESSAGE, PING, GOODBYE, ERROR, AUTHENTICATE = 6, 7, 8, 9, 10
local NODES = 11
local COMMANDS = {
  [HELLO] = "hello",
  [TIME] = "time",
  [NAME] = "name",
  [LIST] = "list",
  [SEND] = "send",
  [MESSAGE] = "message",
  [PING] = "ping",
  [GOODBYE] = "goodbye",
  [ERROR] = "error",
  [AUTHENTICATE] = "authenticate",
  [NODES] = "nodes",
}

local OK = 0
local STATUSES = {
  [OK] = "ok",
  [1] = "unknown command",
  [2] = "malformed",
  [3] = "text too long",
  [4] = "shutting down",
  [5] = "server error",
  [6] = "too many requests",
  [7] = "too many unanswered",
  [8] = "wrong token",
  [16] = "unknown number",
  [17] = "own number",
  [18] = "receiver gone",
  [19] = "receiver busy",
  [20] = "not confirmed",
  [21] = "receiver refused",
  [22] = "unreachable",
  [32] = "not listening",
  [33] = "not handled",
  [48] = "incomplete",
}

local LEAVING = 1
local REASONS = {
  [LEAVING] = "leaving",
  [2] = "shutting down",
  [3] = "server full",
  [4] = "address full",
  [5] = "no token",
  [6] = "locked out",
  [7] = "silent",
  [8] = "not reading",
  [9] = "unfinished frame",
}

local BAD_MAGIC, BAD_VERSION, BAD_TYPE, PAYLOAD_TOO_LARGE = 1, 2, 3, 4
local TRUNCATED, BAD_PAYLOAD, BAD_TEXT, OUT_OF_ORDER = 5, 6, 7, 8
local CODES = {
  [BAD_MAGIC] = "bad magic",
  [BAD_VERSION] = "bad version",
  [BAD_TYPE] = "bad type",
  [PAYLOAD_TOO_LARGE] = "payload too large",
  [TRUNCATED] = "truncated",
  [BAD_PAYLOAD] = "bad payload",
  [BAD_TEXT] = "bad text",
  [OUT_OF_ORDER] = "out of order",
}

-- Sections 2 and 4: the fields ------------------------------------------------

local field = {
  magic = ProtoField.uint16("parley.magic", "Magic", base.HEX),
  version = ProtoField.uint8("parley.version", "Version"),
  type = ProtoField.uint8("parley.type", "Type", base.DEC, TYPES),
  command = ProtoField.uint16("parley.command", "Command", base.DEC, COMMANDS),
  status = ProtoField.uint16("parley.status", "Status", base.DEC, STATUSES),
  id = ProtoField.uint32("parley.id", "Id"),
  length = ProtoField.uint32("parley.length", "Payload length"),
  sentence = ProtoField.string("parley.sentence", "Sentence", base.UNICODE),
  payload = ProtoField.bytes("parley.payload", "Payload"),

  hello_version = ProtoField.uint8("parley.hello.version", "Version"),
  hello_flags = ProtoField.uint8("parley.hello.flags", "Flags", base.HEX),
  hello_token_wanted = ProtoField.bool(
    "parley.hello.token_wanted", "Token wanted", 8, nil, 0x01),
  hello_number = ProtoField.uint32("parley.hello.number", "Number"),
  hello_largest_payload = ProtoField.uint32(
    "parley.hello.largest_payload", "Largest payload"),
  hello_longest_text = ProtoField.uint32(
    "parley.hello.longest_text", "Longest text"),
  hello_delivery_timeout = ProtoField.uint32(
    "parley.hello.delivery_timeout", "Delivery timeout (ms)"),
  hello_name = ProtoField.string("parley.hello.name", "Name", base.UNICODE),

  -- "parley.time" is how long an answer took, as in other protocols.
  clock_time = ProtoField.absolute_time(
    "parley.clock.time", "Time", base.UTC),
  clock_offset = ProtoField.int16("parley.clock.offset", "Offset (minutes)"),
  clock_zone = ProtoField.string("parley.clock.zone", "Zone", base.UNICODE),

  name = ProtoField.string("parley.name", "Name", base.UNICODE),

  list_after = ProtoField.uint32("parley.list.after", "After"),
  list_limit = ProtoField.uint16("parley.list.limit", "Limit"),
  list_more = ProtoField.bool("parley.list.more", "More"),
  list_count = ProtoField.uint16("parley.list.count", "Count"),
  list_entry = ProtoField.none("parley.list.entry", "Entry"),
  list_number = ProtoField.uint32("parley.list.number", "Number"),
  list_port = ProtoField.uint16("parley.list.port", "Port"),
  list_connected = ProtoField.absolute_time(
    "parley.list.connected", "Connected", base.UTC),
  list_address_length = ProtoField.uint8(
    "parley.list.address_length", "Address length"),
  list_ipv4 = ProtoField.ipv4("parley.list.ipv4", "Address"),
  list_ipv6 = ProtoField.ipv6("parley.list.ipv6", "Address"),

  send_number = ProtoField.uint32("parley.send.number", "Number"),
  send_text = ProtoField.string("parley.send.text", "Text", base.UNICODE),

  message_number = ProtoField.uint32("parley.message.number", "Number"),
  message_port = ProtoField.uint16("parley.message.port", "Port"),
  message_address_length = ProtoField.uint8(
    "parley.message.address_length", "Address length"),
  message_ipv4 = ProtoField.ipv4("parley.message.ipv4", "Address"),
  message_ipv6 = ProtoField.ipv6("parley.message.ipv6", "Address"),
  message_text = ProtoField.string(
    "parley.message.text", "Text", base.UNICODE),

  goodbye_reason = ProtoField.uint16(
    "parley.goodbye.reason", "Reason", base.DEC, REASONS),
  goodbye_text = ProtoField.string(
    "parley.goodbye.text", "Text", base.UNICODE),

  error_code = ProtoField.uint16(
    "parley.error.code", "Code", base.DEC, CODES),
  error_offset = ProtoField.uint64("parley.error.offset", "Offset"),
  error_text = ProtoField.string("parley.error.text", "Text", base.UNICODE),

  authenticate_token = ProtoField.bytes(
    "parley.authenticate.token", "Token"),

  nodes_count = ProtoField.uint16("parley.nodes.count", "Count"),
  nodes_entry = ProtoField.none("parley.nodes.entry", "Entry"),
  nodes_flags = ProtoField.uint8("parley.nodes.flags", "Flags", base.HEX),
  nodes_self = ProtoField.bool("parley.nodes.self", "Self", 8, nil, 0x01),
  nodes_missing = ProtoField.bool(
    "parley.nodes.missing", "Missing", 8, nil, 0x02),
  nodes_clients = ProtoField.uint32("parley.nodes.clients", "Clients"),
  nodes_messages = ProtoField.uint32(
    "parley.nodes.messages", "Messages in the last second"),
  nodes_since = ProtoField.absolute_time(
    "parley.nodes.since", "Since", base.UTC),
  nodes_round_trip = ProtoField.uint32(
    "parley.nodes.round_trip", "Round trip (µs)"),
  nodes_address_length = ProtoField.uint8(
    "parley.nodes.address_length", "Address length"),
  nodes_address = ProtoField.string(
    "parley.nodes.address", "Address", base.UNICODE),
  nodes_name_length = ProtoField.uint8(
    "parley.nodes.name_length", "Name length"),
  nodes_name = ProtoField.string("parley.nodes.name", "Name", base.UNICODE),
  nodes_range_count = ProtoField.uint16(
    "parley.nodes.range_count", "Range count"),
  nodes_first = ProtoField.uint32("parley.nodes.first", "First number"),
  nodes_last = ProtoField.uint32("parley.nodes.last", "Last number"),

  -- What is not in the bytes themselves.
  response_in = ProtoField.framenum(
    "parley.response_in", "Response in", base.NONE, frametype.RESPONSE),
  response_to = ProtoField.framenum(
    "parley.response_to", "Response to", base.NONE, frametype.REQUEST),
  time = ProtoField.relative_time("parley.time", "Response time"),
  malformed = ProtoField.uint16(
    "parley.malformed", "Malformed", base.DEC, CODES),
}
parley.fields = field

local expertise = {
  malformed = ProtoExpert.new("parley.expert.malformed", "Malformed",
    expert.group.MALFORMED, expert.severity.ERROR),
  error = ProtoExpert.new("parley.expert.error", "Error indication",
    expert.group.PROTOCOL, expert.severity.WARN),
  goodbye = ProtoExpert.new("parley.expert.goodbye", "Sent away",
    expert.group.RESPONSE_CODE, expert.severity.WARN),
  refused = ProtoExpert.new("parley.expert.refused", "Refused",
    expert.group.RESPONSE_CODE, expert.severity.NOTE),
  unasked = ProtoExpert.new("parley.expert.unasked",
    "Response to nothing in this capture",
    expert.group.SEQUENCE, expert.severity.NOTE),
  unknown = ProtoExpert.new("parley.expert.unknown",
    "Version 1 has no such command for this type",
    expert.group.UNDECODED, expert.severity.NOTE),
  cut_short = ProtoExpert.new("parley.expert.cut_short",
    "The capture does not have all of this frame",
    expert.group.UNDECODED, expert.severity.NOTE),
}
parley.experts = expertise

local preferences = parley.prefs
preferences.ports = Pref.range("TCP ports", "2203",
  "Where servers listen. Parley is recognised on other ports, too, but " ..
  "what is wrong from its first byte on is shown on these only.", 65535)
preferences.texts = Pref.bool("Texts of messages in the Info column", true,
  "Otherwise it tells their lengths only.")

-- Text for the Info column ----------------------------------------------------

-- The well-formed characters of UTF-8, by their first bytes (Unicode's table
-- 3-7), as patterns.
local CHARACTERS = {
  "^[\x00-\x7f]+",
  "^[\xc2-\xdf][\x80-\xbf]",
  "^\xe0[\xa0-\xbf][\x80-\xbf]",
  "^[\xe1-\xec\xee\xef][\x80-\xbf][\x80-\xbf]",
  "^\xed[\x80-\x9f][\x80-\xbf]",
  "^\xf0[\x90-\xbf][\x80-\xbf][\x80-\xbf]",
  "^[\xf1-\xf3][\x80-\xbf][\x80-\xbf][\x80-\xbf]",
  "^\xf4[\x80-\x8f][\x80-\xbf][\x80-\xbf]",
}

local function character_end(bytes, at)
  for _, character in ipairs(CHARACTERS) do
    local _, last = bytes:find(character, at)
    if last then return last end
  end
end

-- How many of the bytes come before the first that is not UTF-8.
local function valid_length(bytes)
  local length = 0
  while length < #bytes do
    local last = character_end(bytes, length + 1)
    if not last then break end
    length = last
  end
  return length
end

local function control_picture(character)
  return "\xe2\x90" .. string.char(0x80 + character:byte())
end

local function code_point(character)
  local first, second, third = character:byte(1, 3)
  local code = (first - 0xc0) * 0x40 + second - 0x80
  if third then
    code = (first - 0xe0) * 0x1000 + (second - 0x80) * 0x40 + third - 0x80
  end
  return ("<U+%04X>"):format(code)
end

-- What would end the quotes, what a terminal could obey, and what is not seen
-- or turns the direction of writing around.
local UNSAFE = {
  { '["\\]', "\\%0" },
  { "[\x00-\x1f]", control_picture },
  { "\x7f", "\xe2\x90\xa1" },
  { "\xc2[\x80-\x9f\xad]", code_point },
  { "\xd8\x9c", code_point },
  { "\xe2\x80[\x8b\x8e\x8f\xa8-\xae]", code_point },
  { "\xe2\x81[\xa0-\xaf]", code_point },
  { "\xef\xbb\xbf", code_point },
  { "\xef\xbf[\xb9-\xbb]", code_point },
}

local LONGEST_QUOTE = 60 -- bytes

-- Texts come from elsewhere: whatever is in them, they take a part of one line.
local function quoted(text)
  local more = ""
  if #text > LONGEST_QUOTE then
    text, more = text:sub(1, LONGEST_QUOTE), "…"
    text = text:sub(1, valid_length(text))
  end
  for _, unsafe in ipairs(UNSAFE) do
    text = text:gsub(unsafe[1], unsafe[2])
  end
  return '"' .. text .. more .. '"'
end

local function counted(count, noun)
  return ("%d %s%s"):format(count, noun, count == 1 and "" or "s")
end

local function message_text(text)
  if preferences.texts then return quoted(text) end
  return "(" .. counted(#text, "byte") .. ")"
end

-- A time as the server's people see it, with how far they are ahead of UTC.
local function clock_text(ms, offset)
  local seconds = math.floor(ms / 1000)
  local ok, date = pcall(os.date, "!%Y-%m-%d %H:%M:%S", seconds + offset * 60)
  -- Some systems know no dates in a far future.
  if not ok then return ("%.0f ms since 1970"):format(ms) end
  local ahead = math.abs(offset)
  return ("%s.%03d %s%02d:%02d"):format(date, ms - seconds * 1000,
    offset < 0 and "-" or "+", math.floor(ahead / 60), ahead % 60)
end

local function duration_text(seconds)
  local ms = seconds * 1000
  return (ms < 1 and "%.2f ms" or "%.1f ms"):format(ms)
end

-- "TIME", or "COMMAND 77" for one that version 1 does not have.
local function command_text(command)
  return COMMANDS[command] and COMMANDS[command]:upper()
    or "COMMAND " .. command
end

-- A frame, and how its bytes are read -----------------------------------------

local HEADER_SIZE = 16

-- The first fault in a frame ends its reading. `code` is what an error
-- indication would carry, `at` and `size` tell where in the buffer it is.
local function fault(code, at, size, why)
  error({ code = code, at = at, size = size, why = why }, 0)
end

-- A frame of the buffer `tvb` is read field by field, from `at` up to `stop`.
-- Each field is added to `tree`.
local Frame = {}
Frame.__index = Frame

function Frame:left()
  return self.stop - self.at
end

function Frame:take(size)
  if self:left() < size then
    fault(BAD_PAYLOAD, self.stop, 0, ("Expected %s for the next field, got %d")
      :format(counted(size, "byte"), self:left()))
  end
  self.at = self.at + size
  return self.tvb(self.at - size, size)
end

function Frame:uint(of, size)
  local range = self:take(size)
  return range:uint(), self.tree:add(of, range)
end

function Frame:int(of, size)
  local range = self:take(size)
  self.tree:add(of, range)
  return range:int()
end

-- Of 64 bits 53 are used, which are as many as a double has.
function Frame:uint53()
  local range = self:take(8)
  local high, low = range(0, 4):uint(), range(4, 4):uint()
  if high >= 0x200000 then
    fault(BAD_PAYLOAD, self.at - 8, 8, "Expected a number of at most 2^53 - 1")
  end
  return high * 0x100000000 + low, range
end

function Frame:time(of)
  local ms, range = self:uint53()
  local seconds = math.floor(ms / 1000)
  self.tree:add(of, range, NSTime.new(seconds, (ms - seconds * 1000) * 1000000))
  return ms
end

function Frame:address(of_length, of_ipv4, of_ipv6)
  local length = self:uint(of_length, 1)
  if length ~= 4 and length ~= 16 then
    fault(BAD_PAYLOAD, self.at - 1, 1,
      "Expected an address length of 4 or 16, got " .. length)
  end
  self.tree:add(length == 4 and of_ipv4 or of_ipv6, self:take(length))
end

-- All the bytes that are left; returns how many.
function Frame:bytes(of)
  local range = self:take(self:left())
  self.tree:add(of, range)
  return range:len()
end

-- So many bytes as text, or all that are left.
function Frame:text(of, size)
  local start = self.at
  local range = self:take(size or self:left())
  local text = range:len() > 0 and range:raw() or ""
  local valid = valid_length(text)
  if valid < #text then
    fault(BAD_TEXT, start + valid, #text - valid,
      "Expected UTF-8 text, got bytes that are not")
  end
  -- Wireshark's strings end at a NUL: it is shown as its picture.
  self.tree:add(of, range, (text:gsub("\0", "\xe2\x90\x80")))
  return text
end

-- Section 4: payloads, byte by byte -------------------------------------------

-- What reads a payload, by type and command. It returns words for the Info
-- column: for a question what is asked, which its response repeats, and what is
-- sent with it; for a response how it ended.
local layouts = { [REQUEST] = {}, [RESPONSE] = {}, [INDICATION] = {} }

local function no_payload(words)
  return function() return words end
end

-- The only limit of section 7 that holds for every server: texts have at most
-- 16 MiB, and no payload has much besides. A hello may allow less.
local LARGEST_PAYLOAD = 16777216 + 2048

layouts[INDICATION][HELLO] = function(frame)
  frame:uint(field.hello_version, 1)
  local range = frame:take(1)
  frame.tree:add(field.hello_flags, range):add(field.hello_token_wanted, range)
  local number = frame:uint(field.hello_number, 4)
  frame.conversation.largest_payload = math.min(
    frame:uint(field.hello_largest_payload, 4), LARGEST_PAYLOAD)
  frame:uint(field.hello_longest_text, 4)
  frame:uint(field.hello_delivery_timeout, 4)
  local name = frame:text(field.hello_name)
  return "HELLO", ("number %.0f %s%s"):format(number, quoted(name),
    range:uint() % 2 == 1 and ", token wanted" or "")
end

layouts[REQUEST][TIME] = no_payload("TIME")

layouts[RESPONSE][TIME] = function(frame)
  local ms = frame:time(field.clock_time)
  local offset = frame:int(field.clock_offset, 2)
  local zone = frame:text(field.clock_zone)
  return clock_text(ms, offset) .. " " .. quoted(zone)
end

layouts[REQUEST][NAME] = no_payload("NAME")

layouts[RESPONSE][NAME] = function(frame)
  return quoted(frame:text(field.name))
end

layouts[REQUEST][LIST] = function(frame)
  local after = frame:uint(field.list_after, 4)
  local limit = frame:uint(field.list_limit, 2)
  return "LIST" .. (after > 0 and (" after %.0f"):format(after) or "")
    .. (limit > 0 and " at most " .. limit or "")
end

local function list_entry(frame)
  local list, start = frame.tree, frame.at
  frame.tree = list:add(field.list_entry, frame.tvb(start, frame:left()))
  local number = frame:uint(field.list_number, 4)
  frame.tree:append_text((": number %.0f"):format(number))
  frame:uint(field.list_port, 2)
  frame:time(field.list_connected)
  frame:address(field.list_address_length, field.list_ipv4, field.list_ipv6)
  frame.tree:set_len(frame.at - start)
  frame.tree = list
end

layouts[RESPONSE][LIST] = function(frame)
  local more = frame:uint(field.list_more, 1)
  if more > 1 then
    fault(BAD_PAYLOAD, frame.at - 1, 1, "Expected 0 or 1, got " .. more)
  end
  local count = frame:uint(field.list_count, 2)
  for _ = 1, count do list_entry(frame) end
  return counted(count, "client") .. (more == 1 and " and more" or "")
end

layouts[REQUEST][SEND] = function(frame)
  local number = frame:uint(field.send_number, 4)
  local text = frame:text(field.send_text)
  return ("SEND to %.0f"):format(number), message_text(text)
end

layouts[RESPONSE][SEND] = no_payload("delivered")

layouts[INDICATION][MESSAGE] = function(frame)
  local number = frame:uint(field.message_number, 4)
  frame:uint(field.message_port, 2)
  frame:address(
    field.message_address_length, field.message_ipv4, field.message_ipv6)
  local text = frame:text(field.message_text)
  return ("MESSAGE from %.0f"):format(number), message_text(text)
end

layouts[RESPONSE][MESSAGE] = no_payload("taken")

layouts[INDICATION][PING] = no_payload("PING")

layouts[RESPONSE][PING] = no_payload("here")

layouts[INDICATION][GOODBYE] = function(frame)
  local reason, item = frame:uint(field.goodbye_reason, 2)
  local text = frame:text(field.goodbye_text)
  local words = (REASONS[reason] or "reason " .. reason) .. " " .. quoted(text)
  if reason ~= LEAVING then
    item:add_proto_expert_info(expertise.goodbye, "Goodbye: " .. words)
  end
  return "GOODBYE", words
end

layouts[RESPONSE][GOODBYE] = no_payload("goodbye")

layouts[INDICATION][ERROR] = function(frame)
  local code, item = frame:uint(field.error_code, 2)
  local offset, range = frame:uint53()
  frame.tree:add(field.error_offset, range)
  local text = frame:text(field.error_text)
  local words = ("%s at byte %.0f %s"):format(
    CODES[code] or "code " .. code, offset, quoted(text))
  item:add_proto_expert_info(expertise.error, "The other side sent " .. words)
  return "ERROR", words
end

layouts[REQUEST][AUTHENTICATE] = function(frame)
  local size = frame:bytes(field.authenticate_token)
  return "AUTHENTICATE", "(" .. counted(size, "byte") .. ")"
end

layouts[RESPONSE][AUTHENTICATE] = no_payload("let in")

layouts[REQUEST][NODES] = no_payload("NODES")

-- Returns whether the node is missing.
local function nodes_entry(frame)
  local list, start = frame.tree, frame.at
  frame.tree = list:add(field.nodes_entry, frame.tvb(start, frame:left()))
  local range = frame:take(1)
  local flags = frame.tree:add(field.nodes_flags, range)
  flags:add(field.nodes_self, range)
  flags:add(field.nodes_missing, range)
  frame:uint(field.nodes_clients, 4)
  frame:uint(field.nodes_messages, 4)
  frame:time(field.nodes_since)
  frame:uint(field.nodes_round_trip, 4)
  frame:text(field.nodes_address, frame:uint(field.nodes_address_length, 1))
  local name =
    frame:text(field.nodes_name, frame:uint(field.nodes_name_length, 1))
  frame.tree:append_text(": " .. quoted(name))
  local count = frame:uint(field.nodes_range_count, 2)
  for _ = 1, count do
    frame:uint(field.nodes_first, 4)
    frame:uint(field.nodes_last, 4)
  end
  frame.tree:set_len(frame.at - start)
  frame.tree = list
  return math.floor(range:uint() / 2) % 2 == 1
end

layouts[RESPONSE][NODES] = function(frame)
  local count, missing = frame:uint(field.nodes_count, 2), 0
  for _ = 1, count do
    if nodes_entry(frame) then missing = missing + 1 end
  end
  return counted(count, "node")
    .. (missing > 0 and (", %d missing"):format(missing) or "")
end

-- Every response whose status is not 0.
local function refusal(frame)
  local status = frame.header.status
  local text = frame:text(field.sentence)
  local words = ("refused: %s %s"):format(
    STATUSES[status] or "status " .. status, quoted(text))
  frame.status_item:add_proto_expert_info(expertise.refused, words)
  return words
end

-- What version 1 does not know is ignored, or refused, without a look at it.
local function unknown(frame)
  frame.command_item:add_proto_expert_info(expertise.unknown)
  local size = counted(frame:bytes(field.payload), "byte")
  if frame.header.type == RESPONSE then return "unknown (" .. size .. ")" end
  return command_text(frame.header.command), "unknown (" .. size .. ")"
end

local function read_payload(frame)
  local header = frame.header
  local layout = layouts[header.type][header.command] or unknown
  if header.type == RESPONSE and header.status ~= OK then layout = refusal end
  local words, more = layout(frame)
  if frame:left() > 0 then
    fault(BAD_PAYLOAD, frame.at, frame:left(),
      "Expected nothing more, got " .. counted(frame:left(), "byte"))
  end
  return words, more
end

-- Section 5: what belongs together --------------------------------------------

-- The TCP connections, by their ports. Each knows the questions of either side
-- that wait for an answer, by id; since which packet a side has been in the
-- middle of a frame; whether the capture lacks bytes of a side, so that nobody
-- knows where its frames begin; and what hello said about the largest payload.
local conversations = {}
-- What was found out about a packet when it was read first. Wireshark reads a
-- packet again, in any order, whenever somebody looks at it.
local packets = {}

function parley.init()
  conversations, packets = {}, {}
end

local function port_pair(pinfo)
  return math.min(pinfo.src_port, pinfo.dst_port) .. " "
    .. math.max(pinfo.src_port, pinfo.dst_port)
end

-- The conversation of a packet, and which of its sides has sent it, 1 or 2.
-- Addresses are compared, not printed: while their names are being looked up,
-- they print one way first and another way then.
local function find_conversation(pinfo)
  local from, to = pinfo.src, pinfo.dst
  for _, one in ipairs(conversations[port_pair(pinfo)] or {}) do
    if one.port == pinfo.src_port and one.from == from and one.to == to then
      return one, 1
    end
    if one.port == pinfo.dst_port and one.from == to and one.to == from then
      return one, 2
    end
  end
end

local function begin_conversation(pinfo)
  local conversation = {
    from = pinfo.src,
    to = pinfo.dst,
    port = pinfo.src_port,
    asked = { {}, {} },
    unfinished = {},
    has_lost_bytes = {},
    largest_payload = LARGEST_PAYLOAD,
  }
  local pair = port_pair(pinfo)
  conversations[pair] = conversations[pair] or {}
  table.insert(conversations[pair], conversation)
  return conversation, 1
end

local function packet_of(pinfo, conversation, side)
  local packet = packets[pinfo.number]
  if not packet then
    packet = {
      questions = {},
      answers = {},
      has_lost_bytes = conversation.has_lost_bytes[side],
      largest_payload = conversation.largest_payload,
    }
    packets[pinfo.number] = packet
  end
  return packet
end

local function rounded(number)
  return math.floor(number + 0.5)
end

-- A request, or an indication that wants an answer. Notes it down, and shows
-- where the answer is when that is known already.
local function ask(frame)
  local id, pinfo = frame.header.id, frame.pinfo
  if not pinfo.visited then
    local question = {
      command = frame.header.command,
      words = command_text(frame.header.command),
      asked_in = pinfo.number,
      asked_at = pinfo.rel_ts,
    }
    frame.packet.questions[id] = question
    frame.conversation.asked[frame.side][id] = question
  end
  local question = frame.packet.questions[id]
  if question and question.answered_in then
    frame.tree:add(field.response_in, question.answered_in):set_generated()
  end
  return question
end

-- A response. Finds its question among those of the other side, and shows it.
local function answer(frame)
  local id, pinfo, answers = frame.header.id, frame.pinfo, frame.packet.answers
  local asked = frame.conversation.asked[3 - frame.side]
  if not pinfo.visited then answers[id] = answers[id] or asked[id] end
  local question = answers[id]
  if not question then
    frame.tree:add_proto_expert_info(expertise.unasked)
    return
  end
  if question.command ~= frame.header.command then
    fault(OUT_OF_ORDER, frame.start + 4, 2,
      "Expected a response to " .. command_text(question.command))
  end
  if not question.answered_in then
    asked[id] = nil
    question.answered_in = pinfo.number
    question.took = rounded((pinfo.rel_ts - question.asked_at) * 1e9) / 1e9
  end
  frame.tree:add(field.response_to, question.asked_in):set_generated()
  local seconds, rest = math.modf(question.took)
  local time = NSTime.new(seconds, rounded(rest * 1e9))
  frame.tree:add(field.time, time):set_generated()
  return question
end

-- Sections 2 and 6: the frame, and when the bytes are wrong -------------------

-- How long the frame at `at` is; else how many bytes are missing at least to
-- tell. Bytes are checked in their order, and the header need not be complete
-- for that.
local function measure(tvb, at, largest_payload)
  local left = tvb:len() - at
  local function is_wrong(offset, expected)
    return left > offset and tvb(at + offset, 1):uint() ~= expected
  end
  if is_wrong(0, 0x50) or is_wrong(1, 0x59) then
    fault(BAD_MAGIC, at, math.min(left, 2), 'Expected the magic "PY"')
  end
  if is_wrong(2, 1) then
    fault(BAD_VERSION, at + 2, 1,
      "Expected version 1, got " .. tvb(at + 2, 1):uint())
  end
  if left > 3 and not TYPES[tvb(at + 3, 1):uint()] then
    fault(BAD_TYPE, at + 3, 1,
      "Expected type 1, 2 or 3, got " .. tvb(at + 3, 1):uint())
  end
  if left < HEADER_SIZE then return nil, HEADER_SIZE - left end
  local length = tvb(at + 12, 4):uint()
  if length > largest_payload then
    fault(PAYLOAD_TOO_LARGE, at + 12, 4,
      ("Expected a payload of at most %.0f bytes, got one of %.0f")
        :format(largest_payload, length))
  end
  return HEADER_SIZE + length, HEADER_SIZE + length - left
end

local function malformed_text(found)
  return "[Malformed: " .. CODES[found.code] .. "]"
end

local function show_fault(tvb, item, found)
  local words = CODES[found.code] .. ": " .. found.why
  item:append_text(" [Malformed: " .. words .. "]")
  item:add(field.malformed, tvb(found.at, found.size), found.code)
    :set_generated()
    :add_proto_expert_info(expertise.malformed, "Malformed: " .. words)
end

-- Returns the fault that `read` finds in the bytes, or nothing and what it
-- returns. What is wrong with this script itself is passed on.
local function checked(read, ...)
  local ok, first, second = pcall(read, ...)
  if ok then return nil, first, second end
  if type(first) ~= "table" then error(first, 0) end
  return first
end

local function read_header(frame)
  local header = {}
  frame:uint(field.magic, 2)
  frame:uint(field.version, 1)
  header.type = frame:uint(field.type, 1)
  header.command, frame.command_item = frame:uint(field.command, 2)
  header.status, frame.status_item = frame:uint(field.status, 2)
  header.id = frame:uint(field.id, 4)
  frame:uint(field.length, 4)
  frame.header = header
  frame.tree:append_text((", %s %s, id %.0f"):format(
    COMMANDS[header.command] or "command " .. header.command,
    TYPES[header.type], header.id))
end

-- What is behind the header, in words for the Info column.
local function read_rest(frame)
  local header = frame.header
  if header.type == RESPONSE then
    local question = answer(frame)
    local outcome = read_payload(frame)
    if not question then
      return command_text(header.command) .. " → " .. outcome
    end
    return question.words .. " → " .. outcome .. ", "
      .. duration_text(question.took)
  end
  local wants_answer = header.type == REQUEST or header.id ~= 0
  local question = wants_answer and ask(frame)
  local words, more = read_payload(frame)
  if question then question.words = words end
  if more then return words .. " " .. more end
  return words .. (wants_answer and "?" or "")
end

local function dissect_frame(frame)
  local item = frame.root:add(parley, frame.tvb(frame.start, frame:left()))
  frame.tree = item
  read_header(frame)
  local header = frame.header
  local kind = (COMMANDS[header.command] and command_text(header.command)
    or "unknown") .. " " .. TYPES[header.type]
  local found, words = checked(read_rest, frame)
  if found then
    show_fault(frame.tvb, item, found)
    words = command_text(header.command) .. " " .. malformed_text(found)
    kind = kind .. " malformed"
  elseif header.type == RESPONSE and header.status ~= OK then
    kind = kind .. " refused"
  end
  return { words = words, kind = kind }
end

-- The capture lacks a part of a frame: it kept the first bytes of each packet
-- only, or Wireshark was told not to put packets together. `has_header` tells
-- whether it is the end that is missing.
local function show_cut_frame(frame, has_header)
  frame.tree = frame.root:add(parley, frame.tvb(frame.start))
  local words = "[Cut short]"
  if has_header then
    read_header(frame)
    words = command_text(frame.header.command) .. " " .. words
  end
  frame.tree:add_proto_expert_info(expertise.cut_short)
  return { words = words, kind = "cut short" }
end

-- What is no frame, from the first byte that should begin one to the buffer's
-- end: where the next one begins cannot be known.
local function show_no_frame(frame, found)
  local item = frame.root:add(parley, frame.tvb(frame.start))
  frame.tree = item
  if found.code == PAYLOAD_TOO_LARGE then read_header(frame) end
  show_fault(frame.tvb, item, found)
  local words = malformed_text(found)
  return { words = words, kind = words }
end

-- The Info column -------------------------------------------------------------

-- So many frames of a packet are told one by one, more are counted by kind.
local TOLD_ONE_BY_ONE = 4

local function info_text(told)
  local parts = {}
  if #told <= TOLD_ONE_BY_ONE then
    for _, frame in ipairs(told) do table.insert(parts, frame.words) end
    return table.concat(parts, " | ")
  end
  local counts, kinds = {}, {}
  for _, frame in ipairs(told) do
    if not counts[frame.kind] then table.insert(kinds, frame.kind) end
    counts[frame.kind] = (counts[frame.kind] or 0) + 1
  end
  for _, kind in ipairs(kinds) do
    local times = counts[kind] > 1 and " × " .. counts[kind] or ""
    table.insert(parts, kind .. times)
  end
  return table.concat(parts, " | ")
end

-- A packet may bring several buffers, and what was told of one stays.
local function tell(columns, text)
  local goes_on = tostring(columns.protocol) == "Parley"
  columns.protocol = "Parley"
  columns.info = goes_on and " | " .. text or text
  columns.info:fence()
end

-- A TCP connection ------------------------------------------------------------

-- Reads frame after frame. What is left over at the end begins a frame that the
-- next packets go on with: TCP is asked to put them together.
local function dissect_bytes(tvb, pinfo, tree, conversation, side)
  local packet = packet_of(pinfo, conversation, side)
  local told, at = {}, 0
  if not pinfo.visited then conversation.unfinished[side] = nil end
  while at < tvb:len() do
    local frame = setmetatable({
      tvb = tvb,
      start = at,
      at = at,
      stop = tvb:len(),
      root = tree,
      pinfo = pinfo,
      conversation = conversation,
      side = side,
      packet = packet,
    }, Frame)
    local found, size, missing =
      checked(measure, tvb, at, packet.largest_payload)
    if found then
      local is_cut = at == 0 and packet.has_lost_bytes
      table.insert(told, is_cut and show_cut_frame(frame, false)
        or show_no_frame(frame, found))
      break
    end
    if missing > 0 then
      if pinfo.can_desegment > 0 then
        pinfo.desegment_offset = at
        pinfo.desegment_len = size and missing or DESEGMENT_ONE_MORE_SEGMENT
        if not pinfo.visited then
          conversation.unfinished[side] = pinfo.number
        end
      else
        conversation.has_lost_bytes[side] = true
        local has_header = frame:left() >= HEADER_SIZE
        table.insert(told, show_cut_frame(frame, has_header))
      end
      break
    end
    frame.stop = at + size
    table.insert(told, dissect_frame(frame))
    at = frame.stop
  end
  if #told > 0 then tell(pinfo.cols, info_text(told)) end
end

-- Inside TLS the same bytes come once more, when Wireshark can decrypt them.
local tls = Dissector.get("tls")
local inside_tls = false

local function dissect_tls(tvb, pinfo, tree)
  inside_tls = true
  local ok, why = pcall(tls.call, tls, tvb, pinfo, tree)
  inside_tls = false
  if not ok then error(why, 0) end
end

-- Every TLS record begins with one of four types, and a 3.
local function begins_tls(tvb)
  if tvb:len() < 2 then return false end
  local type = tvb(0, 1):uint()
  return type >= 20 and type <= 23 and tvb(1, 1):uint() == 3
end

function parley.dissector(tvb, pinfo, tree)
  local conversation, side = find_conversation(pinfo)
  if not conversation then
    conversation, side = begin_conversation(pinfo)
    conversation.is_tls = not inside_tls and begins_tls(tvb)
  end
  if conversation.is_tls and not inside_tls then
    dissect_tls(tvb, pinfo, tree)
  else
    dissect_bytes(tvb, pinfo, tree, conversation, side)
  end
end

-- On any other port a connection is Parley's when a header with a command that
-- is known begins it.
local function dissect_if_parley(tvb, pinfo, tree)
  if tvb:len() < 6 or tvb(0, 2):uint() ~= 0x5059 or tvb(2, 1):uint() ~= 1
    or not TYPES[tvb(3, 1):uint()] or not COMMANDS[tvb(4, 2):uint()] then
    return false
  end
  pinfo.conversation = parley
  parley.dissector(tvb, pinfo, tree)
  return true
end

parley:register_heuristic("tcp", dissect_if_parley)

local ports = ""
local tcp_ports, tls_ports =
  DissectorTable.get("tcp.port"), DissectorTable.get("tls.port")

local function register_ports()
  if ports == preferences.ports then return end
  if ports ~= "" then
    tcp_ports:remove(ports, parley)
    tls_ports:remove(ports, parley)
  end
  ports = preferences.ports
  if ports ~= "" then
    tcp_ports:add(ports, parley)
    tls_ports:add(ports, parley)
  end
end

parley.prefs_changed = register_ports
register_ports()

-- The end of a connection brings no bytes, so that the dissector above is not
-- asked: this one looks at every packet, and tells what ended in mid-frame.
local ends = Proto("parley_ends", "Parley, streams that end in mid-frame")
local tcp_flags = Field.new("tcp.flags")

function ends.dissector(tvb, pinfo, tree)
  if not next(conversations) then return end
  local flags = tcp_flags()
  if not flags then return end
  local fin, reset = flags.value % 2 == 1, flags.value % 8 >= 4
  if not fin and not reset then return end
  local conversation, side = find_conversation(pinfo)
  local since = conversation and conversation.unfinished[side]
  if not since or since > pinfo.number then return end
  local found = { code = TRUNCATED, at = tvb:len(), size = 0,
    why = "The stream ended in the middle of a frame" }
  show_fault(tvb, tree:add(parley, tvb(0, 0)), found)
  pinfo.cols.protocol = "Parley"
  pinfo.cols.info:append(" " .. malformed_text(found))
end

register_postdissector(ends)
