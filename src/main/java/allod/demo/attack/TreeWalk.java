package allod.demo.attack;

import allod.keys.PageHeader;
import allod.keys.RootRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Everything that custody keys, root records and pages give when each key is tried on each page of its domain, in whatever
 * generation: the secrets of slots, and seeds of whole subtrees. Follows docs/formats/key-tree.md.
 */
final class TreeWalk {
    private static final byte[] ROOT_BINDING = "allod/v1/root".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHILD = "allod/v1/ggm".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 12;

    /** A seed of a node: level -1 is a slot's secret. */
    private record Seed(byte[] domain, int level, long index, byte[] secret) {}

    private record PageKey(byte[] domain, byte[] key) {}

    private final Collection<KeyMaterial.Page> pages;
    private final List<byte[]> opening = new ArrayList<>();
    private final List<Seed> seeds = new ArrayList<>();
    private final Map<ByteBuffer, byte[]> domains = new LinkedHashMap<>();
    private int openedRoots;
    private int openedPages;

    TreeWalk(KeyMaterial found) throws GeneralSecurityException {
        pages = found.pages();
        Deque<PageKey> untried = new ArrayDeque<>();
        for (RootRecord root : found.roots()) {
            domains.put(ByteBuffer.wrap(root.domain()), root.domain());
            Optional<PageKey> key = rootKey(root, found.custodyKeys());
            key.ifPresent(untried::add);
            openedRoots += key.isPresent() ? 1 : 0;
        }
        Set<ByteBuffer> tried = new HashSet<>();
        while (!untried.isEmpty()) {
            PageKey key = untried.remove();
            if (tried.add(ByteBuffer.wrap(key.key))) {
                untried.addAll(tryOnPages(key));
            }
        }
    }

    /** Tries every custody key on every wrap. Where several wraps share a root, one alone would not do; none is shared here. */
    private Optional<PageKey> rootKey(RootRecord root, List<byte[]> custodyKeys) throws GeneralSecurityException {
        byte[] label = root.intent().label();
        byte[] binding = ByteBuffer.allocate(ROOT_BINDING.length + 16 + 8 + 8 + label.length + 32)
                .put(ROOT_BINDING)
                .put(root.domain())
                .putLong(root.generation())
                .putLong(root.intent().attempt())
                .put(label)
                .put(root.rootPageId())
                .array();
        for (RootRecord.Wrap wrap : root.wraps()) {
            byte[] nonce = Arrays.copyOf(wrap.wrapped(), NONCE_BYTES);
            byte[] sealed = Arrays.copyOfRange(wrap.wrapped(), NONCE_BYTES, wrap.wrapped().length);
            for (byte[] custodyKey : custodyKeys) {
                Optional<byte[]> key = open(custodyKey, nonce, binding, sealed);
                if (key.isPresent()) {
                    opening.add(custodyKey);
                    return Optional.of(new PageKey(root.domain(), key.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** Opens what the key opens, and gives the keys that stood there. */
    private List<PageKey> tryOnPages(PageKey key) throws GeneralSecurityException {
        List<PageKey> below = new ArrayList<>();
        for (KeyMaterial.Page page : pages) {
            if (!Arrays.equals(page.header().domain(), key.domain)) {
                continue;
            }
            Optional<byte[]> secrets = open(key.key, new byte[NONCE_BYTES], page.headerBytes(), page.body());
            if (secrets.isPresent()) {
                openedPages++;
                below.addAll(entries(key.domain, page.header(), secrets.get()));
            }
        }
        return below;
    }

    private List<PageKey> entries(byte[] domain, PageHeader header, byte[] secrets) {
        List<PageKey> below = new ArrayList<>();
        int at = 0;
        for (int entry = 0; entry < PageHeader.FANOUT; entry++) {
            PageHeader.Kind kind = header.kindAt(entry);
            if (kind == PageHeader.Kind.EMPTY) {
                continue;
            }
            byte[] secret = Arrays.copyOfRange(secrets, at, at + 32);
            at += 32;
            if (kind == PageHeader.Kind.PAGE) {
                below.add(new PageKey(domain, secret));
            } else {
                seeds.add(new Seed(domain, header.level() - 1, header.index() * PageHeader.FANOUT + entry, secret));
            }
        }
        return below;
    }

    /** All secrets that anything found gives for a slot, in whatever domain. */
    List<byte[]> secretsOf(long slot) throws GeneralSecurityException {
        List<byte[]> secrets = new ArrayList<>();
        for (Seed seed : seeds) {
            int shift = 6 * (seed.level + 1);
            if ((shift < Long.SIZE ? slot >>> shift : 0) == seed.index) {
                secrets.add(derive(seed, slot));
            }
        }
        return secrets;
    }

    private static byte[] derive(Seed seed, long slot) throws GeneralSecurityException {
        byte[] secret = seed.secret;
        for (int level = seed.level; level >= 0; level--) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(CHILD);
            mac.update(seed.domain);
            mac.update((byte) level);
            mac.update((byte) (slot >>> (6 * level) & 63));
            secret = mac.doFinal();
        }
        return secret;
    }

    private static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        try {
            return Optional.of(cipher.doFinal(sealed));
        } catch (AEADBadTagException wrongKey) {
            return Optional.empty();
        }
    }

    /** Every domain that a root record names. */
    Collection<byte[]> domains() {
        return domains.values();
    }

    /** The custody keys that opened a root. */
    List<byte[]> opening() {
        return opening;
    }

    int openedRoots() {
        return openedRoots;
    }

    int openedPages() {
        return openedPages;
    }
}
