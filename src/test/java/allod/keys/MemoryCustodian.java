package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A custodian whose keys are in memory and outlive a restart of what uses it: a service elsewhere. It can be away, lie,
 * and come back as it was before, as one does that was restored from a snapshot.
 */
public final class MemoryCustodian implements ErasableCustodian {
    private record Key(int domain, String handle) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return domain == other.domain ? handle.compareTo(other.handle) : Integer.compare(domain, other.domain);
        }
    }

    private final String id;
    private final SecureRandom random = new SecureRandom();
    private Map<Key, byte[]> keys = new TreeMap<>();
    private Map<Key, byte[]> kept = new TreeMap<>();
    private boolean away;
    private boolean lies;
    private int unwraps;

    public MemoryCustodian(String id) {
        this.id = id;
    }

    /** From now on nobody reaches it. */
    public synchronized void goAway() {
        away = true;
    }

    public synchronized void comeBack() {
        away = false;
    }

    /** From now on it confirms every destruction, lists nothing of what it should not have, and unwraps all the same. */
    public synchronized void lie() {
        lies = true;
    }

    public synchronized void beHonest() {
        lies = false;
    }

    /** A copy of all its keys, to come back to. */
    public synchronized Runnable snapshot() {
        Map<Key, byte[]> copy = new TreeMap<>(keys);
        return () -> {
            synchronized (this) {
                keys.putAll(copy);
            }
        };
    }

    public synchronized int unwraps() {
        return unwraps;
    }

    /** Keys it has in all, those it lies about included. */
    public synchronized int keys() {
        return keys.size() + kept.size();
    }

    private void requireReachable() {
        if (away) {
            throw new Problem(
                    Reason.CUSTODIAN_AWAY,
                    id + " was not asked.",
                    "Connection to " + id + " refused.",
                    "Start " + id + ".");
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String kind() {
        return "memory";
    }

    @Override
    public AssuranceClass assuranceClass() {
        return AssuranceClass.E1;
    }

    @Override
    public synchronized Status status() {
        return away ? new Status.Away("connection refused") : new Status.Available();
    }

    @Override
    public synchronized List<String> examine() {
        requireReachable();
        return List.of("its keys are in this process's memory: class E1");
    }

    @Override
    public synchronized List<String> prepare(List<Preparation> preparations) {
        requireReachable();
        List<String> handles = new ArrayList<>();
        for (Preparation wanted : preparations) {
            String handle =
                    id + "-" + wanted.generation() + "-" + HexFormat.of().formatHex(wanted.label());
            byte[] key = new byte[32];
            random.nextBytes(key);
            keys.put(new Key(wanted.domain().number(), handle), key);
            handles.add(handle);
        }
        return handles;
    }

    @Override
    public synchronized byte[] wrap(Domain domain, String handle, byte[] secret, byte[] aad) {
        requireReachable();
        byte[] nonce = new byte[12];
        random.nextBytes(nonce);
        try {
            byte[] key = find(domain, handle).orElseThrow();
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(secret);
            byte[] wrapped = Arrays.copyOf(nonce, 12 + sealed.length);
            System.arraycopy(sealed, 0, wrapped, 12, sealed.length);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized Unwrapped unwrap(Domain domain, String handle, byte[] wrapped, byte[] aad) {
        requireReachable();
        unwraps++;
        Optional<byte[]> key = find(domain, handle);
        if (key.isEmpty()) {
            return new Unwrapped.NoSuchHandle("no such key");
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key.get(), Arrays.copyOf(wrapped, 12), aad);
            return new Unwrapped.Opened(cipher.doFinal(wrapped, 12, wrapped.length - 12));
        } catch (AEADBadTagException e) {
            throw new Problem(Reason.DAMAGED, "Not unwrapped.", "Other bytes than it made.", "Look.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<byte[]> find(Domain domain, String handle) {
        Key key = new Key(domain.number(), handle);
        return Optional.ofNullable(keys.getOrDefault(key, kept.get(key)));
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        return cipher;
    }

    @Override
    public synchronized List<Destruction> destroyAllBut(List<Keep> keeps) {
        requireReachable();
        List<Destruction> destructions = new ArrayList<>();
        for (Keep keep : keeps) {
            List<String> destroyed = list(keep.domain()).stream()
                    .filter(handle -> !keep.handle().equals(Optional.of(handle)))
                    .toList();
            destroyed.forEach(handle -> destroy(new Key(keep.domain().number(), handle)));
            destructions.add(new Destruction(keep.domain(), destroyed, assuranceClass(), "forgotten"));
        }
        return destructions;
    }

    private void destroy(Key key) {
        byte[] gone = keys.remove(key);
        if (lies && gone != null) {
            kept.put(key, gone);
        } else if (!lies) {
            kept.remove(key);
        }
    }

    @Override
    public synchronized void destroyUnmade(Collection<Integer> existing) {
        requireReachable();
        keys.keySet().removeIf(key -> !existing.contains(key.domain));
    }

    @Override
    public synchronized List<String> list(Domain domain) {
        requireReachable();
        List<String> live = new ArrayList<>();
        for (Key key : keys.keySet()) {
            if (key.domain == domain.number()) {
                live.add(key.handle);
            }
        }
        if (!lies) {
            kept.keySet().stream().filter(key -> key.domain == domain.number()).forEach(key -> live.add(key.handle));
        }
        return live;
    }
}
