package io.mapwright.operator.gateway;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Where to report a vulnerability: the content of {@code /.well-known/security.txt} (RFC 9116). */
public record SecurityTxt(URI contact, Optional<URI> policyUrl) {
  /** RFC 9116, 2.5.5, recommends less than a year; HAProxy writes the date, counted from now. */
  private static final String EXPIRES = "%[date(7776000),utime(%Y-%m-%dT%H:%M:%SZ)]";

  private static final Set<String> CONTACT_SCHEMES = Set.of("mailto", "https", "tel");

  public SecurityTxt {
    if (contact.getScheme() == null || !CONTACT_SCHEMES.contains(contact.getScheme())) {
      throw new IllegalArgumentException(
          "disclosure.contact: "
              + contact
              + " is not a mailto:, https: or tel: URI (RFC 9116, 2.5.3)");
    }
    policyUrl.ifPresent(url -> {
      if (!"https".equals(url.getScheme())) {
        throw new IllegalArgumentException(
            "disclosure.policyUrl: " + url + " is not an https: URI (RFC 9116, 2.5.7)");
      }
    });
    plain("disclosure.contact", contact);
    policyUrl.ifPresent(url -> plain("disclosure.policyUrl", url));
  }

  /**
   * A quote or a percent sign would end the string, or be expanded, in the configuration line that
   * carries it.
   */
  private static void plain(String field, URI uri) {
    if (!uri.toASCIIString().matches("[A-Za-z0-9:/?#@!&()*+,;=._~-]+")) {
      throw new IllegalArgumentException(
          field + ": " + uri + " holds a quote, percent or other sign that cannot be carried");
    }
  }

  /** The file's text, as a log-format string of HAProxy. */
  String text() {
    return "Contact: "
        + contact.toASCIIString()
        + "\nExpires: "
        + EXPIRES
        + "\n"
        + policyUrl.map(url -> "Policy: " + url.toASCIIString() + "\n").orElse("");
  }
}
