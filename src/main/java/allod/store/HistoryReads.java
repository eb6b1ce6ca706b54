package allod.store;

import allod.base.AccessKeyId;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records that a history was read: one event a session and minute, where a session is an access key from an address.
 * Otherwise reading one's history to its end would never end.
 */
final class HistoryReads {
    private static final int SESSIONS = 10_000;

    private record Session(AccessKeyId key, String address) {}

    private final Ground ground;
    private final Tenants tenants;
    private final InstantSource clock;
    private final Map<Session, Instant> recorded = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Session, Instant> eldest) {
            return size() > SESSIONS;
        }
    };

    HistoryReads(Ground ground, Tenants tenants, InstantSource clock) {
        this.ground = ground;
        this.tenants = tenants;
        this.clock = clock;
    }

    void record(Caller caller) throws IOException {
        if (!isFirstOfItsMinute(new Session(caller.accessKey(), caller.address()))) {
            return;
        }
        byte[] body = EventBody.of("history.read", caller).outcome("ok").toBytes();
        int domain = tenants.firstDomain(caller.tenant());
        ground.sequencer()
                .submit(transaction -> transaction.append(new Event(caller.tenant(), domain, EventClass.ACCESS, body)));
    }

    private boolean isFirstOfItsMinute(Session session) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        synchronized (recorded) {
            return !minute.equals(recorded.put(session, minute));
        }
    }
}
