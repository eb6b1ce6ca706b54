package allod.sts;

import allod.base.AccessKeyId;
import allod.http.Exchange;
import allod.http.Identity;
import allod.policy.Who;
import allod.store.Caller;

/** Who asks for a session. */
record StsRequest(Exchange exchange, Identity identity) {
    Who who() {
        return Who.of(identity.tenant().value(), identity.principal().name());
    }

    Caller caller() {
        return new Caller(
                identity.tenant(),
                identity.principal(),
                identity.accessKey(),
                exchange.remoteAddress(),
                exchange.requestId());
    }

    /** The key that a session begun now ends with. */
    AccessKeyId lastingKey() {
        return identity.session().map(Identity.Session::lastingKey).orElse(identity.accessKey());
    }

    /** Whether it is signed with a key of a role's session. */
    boolean isOfRole() {
        return who().kind() == Who.Kind.ROLE;
    }
}
