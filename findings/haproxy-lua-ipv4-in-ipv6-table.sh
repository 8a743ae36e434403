#!/usr/bin/env bash
# HAProxy: Lua looks up an IPv4 address in a stick table of type ipv6.
#
# "http-request track-sc0 src" with a table of type ipv6 counts IPv4 clients too. In HAProxy 2.6.12 (and 3.2.26, 3.4.7)
# StickTable.lookup("127.0.0.1") then returns nil, as for a client that was never seen; "::ffff:127.0.0.1" finds it, although
# src itself is converted, and "show table clients key 127.0.0.1" finds the entry from 3.2 on. A script that takes a missing
# entry for "has used nothing" is wrong for every IPv4 client, and nothing says so.
#
# Expected: the entry of that client, or an error.
# Needs apt-get with the packages of Debian 12, and curl. Fails if the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
haproxy=''
trap '[ -z "$haproxy" ] || kill "$haproxy"; rm -rf "$work"' EXIT
(cd "$work" && apt-get download -q -o APT::Sandbox::User=root haproxy=2.6.12-1+deb12u3 liblua5.3-0=5.3.6-2 libopentracing-c-wrapper0=1.1.3-3+b1 \
  libopentracing1=1.6.0-4 > /dev/null && for package in *.deb; do dpkg-deb -x "$package" root; done)
export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
port=$((20000 + RANDOM % 10000))
cat > "$work/script.lua" << 'LUA'
core.register_action("look", { "http-req" }, function(txn)
  local function seen(address)
    return core.backends["clients"].stktable:lookup(address) and "found" or "nil"
  end
  txn:set_var("txn.seen", txn.sf:src() .. "=" .. seen(txn.sf:src()) .. " ::ffff:127.0.0.1=" .. seen("::ffff:127.0.0.1"))
end)
LUA
cat > "$work/haproxy.cfg" << CFG
global
    lua-load $work/script.lua
defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect 5s
frontend web
    bind 127.0.0.1:$port
    http-request track-sc0 src table clients
    http-request lua.look
    http-request return status 200 content-type text/plain lf-string %[var(txn.seen)]
backend clients
    stick-table type ipv6 size 100 expire 1m store http_req_cnt
CFG
"$work/root/usr/sbin/haproxy" -db -f "$work/haproxy.cfg" &
haproxy=$!
seen=$(curl --silent --retry 20 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$port/")
"$work/root/usr/sbin/haproxy" -v | head -n 1
echo "$seen"
[ "$seen" = '127.0.0.1=nil ::ffff:127.0.0.1=found' ]
