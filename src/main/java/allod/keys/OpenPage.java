package allod.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key page whose body was decrypted: for each entry that is not EMPTY a seed or the key of the page below. Immutable.
 * The body's key encrypts nothing else, ever, so the nonce is zero; the header is authenticated with it.
 */
final class OpenPage {
    static final int KEY_BYTES = 32;
    private static final int TAG_BYTES = 16;
    private static final byte[] ZERO_NONCE = new byte[12];

    private final PageHeader header;
    private final byte[] bodyHash;
    private final byte[] secrets;

    /** Bit i is set where entry i has a secret. */
    private final long present;

    private OpenPage(PageHeader header, byte[] bodyHash, byte[] secrets) {
        this.header = header;
        this.bodyHash = bodyHash;
        this.secrets = secrets;
        this.present = present(header);
    }

    /** A page's place, bytes and id, and the fresh key that encrypts it. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    record Sealed(StoredPage page, byte[] id, byte[] key) {
        @Override
        public String toString() {
            return "sealed " + page.name();
        }
    }

    /** Encrypts a page's entries under a key that was drawn for this page alone. */
    static Sealed seal(PageHeader header, byte[][] secrets, byte[] key) {
        ByteBuffer body = ByteBuffer.allocate(PageHeader.FANOUT * KEY_BYTES);
        for (int i = 0; i < PageHeader.FANOUT; i++) {
            if (header.kindAt(i) != PageHeader.Kind.EMPTY) {
                body.put(secrets[i]);
            }
        }
        byte[] clear = header.encode();
        byte[] page = Arrays.copyOf(clear, clear.length + body.position() + TAG_BYTES);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, clear);
            cipher.doFinal(body.array(), 0, body.position(), page, clear.length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to encrypt", e);
        } finally {
            Arrays.fill(body.array(), (byte) 0);
        }
        PageName name = new PageName(header.level(), header.index());
        return new Sealed(new StoredPage(name, page), PageHeader.id(clear, bodyHash(page, clear.length)), key);
    }

    /**
     * Decrypts a page if it is the one with this id.
     *
     * @return empty if it is another page, is not one at all, or its tag does not fit the key
     */
    static Optional<OpenPage> open(byte[] page, byte[] expectedId, byte[] key) {
        try {
            int headerLength = PageHeader.lengthWithin(page);
            if (page.length < headerLength + TAG_BYTES) {
                return Optional.empty();
            }
            byte[] clear = Arrays.copyOf(page, headerLength);
            byte[] bodyHash = bodyHash(page, headerLength);
            if (!Arrays.equals(PageHeader.id(clear, bodyHash), expectedId)) {
                return Optional.empty();
            }
            PageHeader header = PageHeader.parse(clear);
            byte[] secrets =
                    cipher(Cipher.DECRYPT_MODE, key, clear).doFinal(page, headerLength, page.length - headerLength);
            return secrets.length == Long.bitCount(present(header)) * KEY_BYTES
                    ? Optional.of(new OpenPage(header, bodyHash, secrets))
                    : Optional.empty();
        } catch (IllegalArgumentException | AEADBadTagException notThisPage) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to decrypt", e);
        }
    }

    PageHeader header() {
        return header;
    }

    /** The page as evidence: its header and what completes its id. */
    PageHeader.OnPath onPath() {
        return new PageHeader.OnPath(header, bodyHash);
    }

    /** The seed, slot secret or page key of an entry that is not EMPTY. */
    byte[] secretAt(int entry) {
        if (header.kindAt(entry) == PageHeader.Kind.EMPTY) {
            throw new IllegalArgumentException("entry " + entry + " is EMPTY and has no secret");
        }
        int at = Long.bitCount(present & ((1L << entry) - 1)) * KEY_BYTES;
        return Arrays.copyOfRange(secrets, at, at + KEY_BYTES);
    }

    private static long present(PageHeader header) {
        long present = 0;
        for (int i = 0; i < PageHeader.FANOUT; i++) {
            if (header.kindAt(i) != PageHeader.Kind.EMPTY) {
                present |= 1L << i;
            }
        }
        return present;
    }

    private static byte[] bodyHash(byte[] page, int headerLength) {
        MessageDigest sha = Sha256.start();
        sha.update(page, headerLength, page.length - headerLength);
        return sha.digest();
    }

    private static Cipher cipher(int mode, byte[] key, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * 8, ZERO_NONCE));
        cipher.updateAAD(aad);
        return cipher;
    }

    /** The entries of a page that is being written. */
    static final class Entries {
        final PageHeader.Kind[] kinds = new PageHeader.Kind[PageHeader.FANOUT];
        final byte[][] secrets = new byte[PageHeader.FANOUT][];
        final byte[][] ids = new byte[PageHeader.FANOUT][];

        Entries() {
            Arrays.fill(kinds, PageHeader.Kind.EMPTY);
        }

        static Entries of(OpenPage page) {
            Entries entries = new Entries();
            for (int i = 0; i < PageHeader.FANOUT; i++) {
                switch (page.header.kindAt(i)) {
                    case EMPTY -> entries.setEmpty(i);
                    case SEED -> entries.setSeed(i, page.secretAt(i));
                    case PAGE -> entries.setPage(i, page.secretAt(i), page.header.childId(i));
                }
            }
            return entries;
        }

        static Entries ofSeeds(byte[][] seeds) {
            Entries entries = new Entries();
            for (int i = 0; i < PageHeader.FANOUT; i++) {
                entries.setSeed(i, seeds[i]);
            }
            return entries;
        }

        void setEmpty(int entry) {
            kinds[entry] = PageHeader.Kind.EMPTY;
            secrets[entry] = new byte[0];
            ids[entry] = new byte[0];
        }

        void setSeed(int entry, byte[] seed) {
            kinds[entry] = PageHeader.Kind.SEED;
            secrets[entry] = seed;
            ids[entry] = new byte[0];
        }

        void setPage(int entry, byte[] key, byte[] id) {
            kinds[entry] = PageHeader.Kind.PAGE;
            secrets[entry] = key;
            ids[entry] = id;
        }

        boolean allEmpty() {
            return Arrays.stream(kinds).allMatch(kind -> kind == PageHeader.Kind.EMPTY);
        }

        /** Writes the page under a key that nothing else uses. */
        Sealed seal(byte[] domain, int level, long index, long generation, byte[] freshKey) {
            List<byte[]> childIds = new ArrayList<>();
            for (int i = 0; i < PageHeader.FANOUT; i++) {
                if (kinds[i] == PageHeader.Kind.PAGE) {
                    childIds.add(ids[i]);
                }
            }
            PageHeader header = PageHeader.of(domain, level, index, generation, kinds, childIds);
            return OpenPage.seal(header, secrets, freshKey);
        }
    }
}
