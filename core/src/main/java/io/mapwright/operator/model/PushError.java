package io.mapwright.operator.model;

/** Why a gateway could not be synchronized. Never contains what was being written. */
public enum PushError {
  /** Nothing listens there, or the network rejects the connection. */
  UNREACHABLE,
  /** No answer in time: a hung process, a dropped packet, a lost node. */
  TIMEOUT,
  /**
   * One side did not accept the other's certificate or the name in it. To the operator, a gateway
   * that closes a new connection before its first answer is indistinguishable.
   */
  TLS_REFUSED,
  /** The gateway ended the connection. */
  CLOSED,
  /** The answer is not one of HAProxy's. */
  UNEXPECTED_ANSWER,
  /** HAProxy refused the command. */
  REJECTED,
  /** The socket behind the channel has too low a level. */
  PERMISSION_DENIED,
  /** The gateway's configuration has no such map or certificate. */
  NOT_CONFIGURED,
  /** What was read back is not what was written. */
  NOT_CONFIRMED,
  /** The text does not fit through the channel. */
  TOO_LARGE,
  /** This process may no longer be the one that writes to gateways. */
  FENCED
}
