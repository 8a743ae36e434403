package io.mapwright.operator.decision;

import java.net.InetAddress;

/**
 * The other end of the connection.
 *
 * @param certificate whether it showed a certificate that the control plane's authority signed
 */
public record Client(InetAddress address, boolean certificate) {}
