package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The custodian on this machine: one file in each custody mirror with two sectors for each domain. A new key goes into
 * the sector that does not hold the current one; a destroyed key's sector is overwritten with random bytes. A round of
 * many domains costs one sync for each mirror. Whoever can read the file while a key is in it can read the domain.
 */
public final class FileCustodian implements ErasableCustodian {
    /** Its name in root records and receipts. */
    public static final String ID = "file";

    /** File systems that overwrite a file's blocks where they lie. */
    private static final Set<String> IN_PLACE = Set.of("ext2", "ext3", "ext4", "xfs", "vfat", "ramfs", "tmpfs", "ufs");

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String NO_SUCH_KEY = "the key file holds no such key";

    private final CustodyFolder custody;
    private final boolean assertedInPlace;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    /** Outside the heap, so that reading and writing leaves no copy of a key in the JDK's own buffers. */
    private final ByteBuffer sector = ByteBuffer.allocateDirect(KeyFile.SECTOR_BYTES);

    /**
     * @param assertedInPlace whether the operator states that the disks below the custody folder overwrite in place: no
     *     SSD, no copy-on-write, no snapshots of a virtual machine
     * @param random a {@link java.security.SecureRandom}; only a test passes another
     */
    public FileCustodian(CustodyFolder custody, boolean assertedInPlace, RandomGenerator random) {
        this.custody = custody;
        this.assertedInPlace = assertedInPlace;
        this.random = random;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String kind() {
        return "file";
    }

    /** E1 where the operator asserts it and every mirror's file system is known to overwrite in place, else E0. */
    @Override
    public AssuranceClass assuranceClass() {
        return assurance(assertedInPlace, custody.fileSystems());
    }

    static AssuranceClass assurance(boolean assertedInPlace, List<String> fileSystems) {
        return assertedInPlace && IN_PLACE.containsAll(fileSystems) ? AssuranceClass.E1 : AssuranceClass.E0;
    }

    @Override
    public Status status() {
        try {
            custody.fileSystems();
            return new Status.Available();
        } catch (UncheckedIOException e) {
            return new Status.Away(String.valueOf(e.getMessage()));
        }
    }

    /** Network file systems are refused when the custody folder is opened; what is left to say is what E0 comes from. */
    @Override
    public List<String> examine() {
        List<String> copying = custody.fileSystems().stream()
                .filter(type -> !IN_PLACE.contains(type))
                .distinct()
                .toList();
        List<String> remarks = new ArrayList<>();
        if (!copying.isEmpty()) {
            remarks.add("The custody folder lies on " + String.join(", ", copying)
                    + ", which is not known to overwrite in place: destroyed keys may leave older copies, class E0.");
        }
        if (!assertedInPlace) {
            remarks.add("Nothing is stated of the custody disk (custody.assurance): receipts say class E0.");
        }
        return List.copyOf(remarks);
    }

    @Override
    public List<String> prepare(List<Preparation> preparations) {
        lock.lock();
        try {
            List<String> handles = new ArrayList<>();
            for (Preparation wanted : preparations) {
                requireRoom(wanted.domain());
                prepare(wanted);
                handles.add(KeySector.handle(wanted.generation(), wanted.label()));
            }
            custody.onEach(mirror -> mirror.keyFile().force());
            for (int i = 0; i < handles.size(); i++) {
                requireOnEveryMirror(preparations.get(i).domain(), handles.get(i));
            }
            return List.copyOf(handles);
        } finally {
            KeySector.clear(sector);
            lock.unlock();
        }
    }

    private static void requireRoom(Domain domain) {
        if (domain.number() >= KeyFile.MAX_DOMAINS) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "No key was made for " + domain + ".",
                    "The file custodian holds at most " + KeyFile.MAX_DOMAINS + " domains.",
                    "Use another custodian for it.");
        }
    }

    private void prepare(Preparation wanted) {
        Domain domain = wanted.domain();
        int free =
                wanted.current().map(current -> 1 - sectorOf(domain, current)).orElse(0);
        custody.onEach(mirror -> mirror.keyFile().reserve(domain.number()));
        if (wanted.current().isPresent()) {
            copyToEveryMirror(domain, wanted.current().get(), 1 - free);
        }
        KeySector.fill(sector, domain, wanted.generation(), wanted.label(), random);
        custody.onEach(mirror -> mirror.keyFile().write(domain.number(), free, sector));
    }

    /** The sector that holds a handle which must be there. */
    private int sectorOf(Domain domain, String handle) {
        for (int which = 0; which < 2; which++) {
            if (load(domain, which, handle)) {
                return which;
            }
        }
        throw noSuchKey(domain, handle);
    }

    private static Problem noSuchKey(Domain domain, String handle) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "Nothing was destroyed or made for " + domain + ".",
                "The key file does not hold the current key " + handle + ".",
                "Put the custody folder back that belongs to this data.");
    }

    /** Reads a sector from the first mirror where it holds this live handle; false if none does. */
    private boolean load(Domain domain, int which, String handle) {
        return custody.find(mirror -> {
                    mirror.keyFile().read(domain.number(), which, sector);
                    return isLive(domain, handle) ? Optional.of(true) : Optional.empty();
                })
                .orElse(false);
    }

    private boolean isLive(Domain domain, String handle) {
        return KeySector.stateOf(sector, domain) == KeySector.State.LIVE
                && KeySector.handleOf(sector).equals(handle);
    }

    /** A mirror that was away, or is new, gets the current key before anything else is done in its file. */
    private void copyToEveryMirror(Domain domain, String handle, int which) {
        custody.onEach(mirror -> {
            mirror.keyFile().read(domain.number(), which, sector);
            if (!isLive(domain, handle)) {
                mirror.keyFile().reserve(domain.number());
                if (!load(domain, which, handle)) {
                    throw noSuchKey(domain, handle);
                }
                mirror.keyFile().write(domain.number(), which, sector);
            }
        });
    }

    private void requireOnEveryMirror(Domain domain, String handle) {
        custody.onEach(mirror -> {
            boolean there = false;
            for (int which = 0; which < 2 && !there; which++) {
                mirror.keyFile().read(domain.number(), which, sector);
                there = isLive(domain, handle);
            }
            if (!there) {
                throw new IOException("the key just written does not read back");
            }
        });
    }

    @Override
    public byte[] wrap(Domain domain, String handle, byte[] secret, byte[] aad) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] key = key(domain, handle)
                .orElseThrow(() -> new Problem(
                        Reason.CUSTODIAN_AWAY,
                        "A key of " + domain + " could not be wrapped.",
                        "For handle " + handle + ", " + NO_SUCH_KEY + ".",
                        "Try the erasure again."));
        try {
            byte[] wrapped = Arrays.copyOf(nonce, NONCE_BYTES + secret.length + TAG_BITS / 8);
            cipher(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(secret, 0, secret.length, wrapped, NONCE_BYTES);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to encrypt", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public Unwrapped unwrap(Domain domain, String handle, byte[] wrapped, byte[] aad) {
        Optional<byte[]> found = key(domain, handle);
        if (found.isEmpty()) {
            return new Unwrapped.NoSuchHandle(NO_SUCH_KEY);
        }
        byte[] key = found.get();
        try {
            byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
            int length = Math.max(0, wrapped.length - NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, aad);
            return new Unwrapped.Opened(cipher.doFinal(wrapped, wrapped.length - length, length));
        } catch (AEADBadTagException e) {
            throw new Problem(
                    Reason.DAMAGED,
                    "A key of " + domain + " could not be unwrapped.",
                    "The key " + handle + " is there, but the wrapped bytes are not what it made.",
                    "Restore the data folder's map from a backup beside the current custody folder: allod restore.",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to decrypt", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private Optional<byte[]> key(Domain domain, String handle) {
        lock.lock();
        try {
            for (int which = 0; which < 2; which++) {
                if (load(domain, which, handle)) {
                    return Optional.of(KeySector.keyOf(sector));
                }
            }
            return Optional.empty();
        } finally {
            KeySector.clear(sector);
            lock.unlock();
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(aad);
        return cipher;
    }

    @Override
    public List<Destruction> destroyAllBut(List<Keep> keeps) {
        lock.lock();
        try {
            List<Destruction> destructions = new ArrayList<>();
            for (Keep keep : keeps) {
                destructions.add(destroyAllBut(keep));
            }
            custody.onEach(mirror -> mirror.keyFile().force());
            return List.copyOf(destructions);
        } finally {
            KeySector.clear(sector);
            lock.unlock();
        }
    }

    /** The sync that follows covers also a sector overwritten before a crash, which the disk may not have yet. */
    private Destruction destroyAllBut(Keep keep) {
        Domain domain = keep.domain();
        List<String> destroyed = new ArrayList<>();
        if (keep.handle().isPresent()) {
            int kept = sectorOf(domain, keep.handle().get());
            copyToEveryMirror(domain, keep.handle().get(), kept);
            custody.onEach(mirror -> overwrite(mirror, domain, 1 - kept, destroyed));
        } else {
            custody.onEach(mirror -> {
                mirror.keyFile().reserve(domain.number());
                overwrite(mirror, domain, 0, destroyed);
                overwrite(mirror, domain, 1, destroyed);
            });
        }
        int mirrors = custody.fileSystems().size();
        return new Destruction(
                domain,
                List.copyOf(destroyed),
                assuranceClass(),
                destroyed.isEmpty()
                        ? "no other key was there"
                        : "overwritten with random bytes and synced, mirrors: " + mirrors);
    }

    private void overwrite(Mirror mirror, Domain domain, int which, List<String> destroyed) throws IOException {
        mirror.keyFile().read(domain.number(), which, sector);
        KeySector.State state = KeySector.stateOf(sector, domain);
        if (state == KeySector.State.LIVE && !destroyed.contains(KeySector.handleOf(sector))) {
            destroyed.add(KeySector.handleOf(sector));
        }
        if (state == KeySector.State.LIVE || state == KeySector.State.UNKNOWN) {
            KeySector.fillOverwritten(sector, random);
            mirror.keyFile().write(domain.number(), which, sector);
        }
    }

    @Override
    public void destroyUnmade(Collection<Integer> existing) {
        lock.lock();
        try {
            custody.onEach(mirror -> {
                boolean overwritten = false;
                for (int number = 0; number < mirror.keyFile().domains(); number++) {
                    if (!existing.contains(number)) {
                        overwritten |= overwriteBoth(mirror, number);
                    }
                }
                if (overwritten) {
                    mirror.keyFile().force();
                }
            });
        } finally {
            KeySector.clear(sector);
            lock.unlock();
        }
    }

    /** Overwrites what is in a place where no domain is; says whether something was. */
    private boolean overwriteBoth(Mirror mirror, int number) throws IOException {
        boolean overwritten = false;
        for (int which = 0; which < 2; which++) {
            mirror.keyFile().read(number, which, sector);
            if (KeySector.mayHoldKey(sector)) {
                KeySector.fillOverwritten(sector, random);
                mirror.keyFile().write(number, which, sector);
                overwritten = true;
            }
        }
        return overwritten;
    }

    @Override
    public List<String> list(Domain domain) {
        lock.lock();
        try {
            List<String> live = new ArrayList<>();
            custody.onEach(mirror -> {
                for (int which = 0; which < 2; which++) {
                    mirror.keyFile().read(domain.number(), which, sector);
                    boolean isLive = KeySector.stateOf(sector, domain) == KeySector.State.LIVE;
                    if (isLive && !live.contains(KeySector.handleOf(sector))) {
                        live.add(KeySector.handleOf(sector));
                    }
                }
            });
            return List.copyOf(live);
        } finally {
            KeySector.clear(sector);
            lock.unlock();
        }
    }
}
