// Node before 22.21 reads no proxy variables: connections to the provider are sent to the tap instead, which tells by the
// name in the TLS greeting, or by the Host field, whom they are for.
'use strict';
const net = require('node:net');
const hosts = new Set(JSON.parse(process.env.OAUTHLENS_TAP_HOSTS || '[]'));
const port = Number(process.env.OAUTHLENS_TAP_PORT);
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const normalized = Array.isArray(args[0]);
  const first = normalized ? args[0][0] : args[0];
  if (first && typeof first === 'object' && hosts.has(`${first.host || 'localhost'}:${first.port}`.toLowerCase())) {
    const there = { ...first, host: '127.0.0.1', port };
    if (normalized) args[0][0] = there;
    else args[0] = there;
  }
  return connect.apply(this, args);
};
