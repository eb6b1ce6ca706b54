package allod.demo.attack;

import allod.base.Problem;
import allod.demo.attack.MapCopy.PartRow;
import allod.demo.attack.MapCopy.SlotRow;
import allod.keys.ContentKey;
import allod.keys.Envelope;
import allod.keys.EnvelopeBinding;
import allod.keys.Floe;
import allod.keys.FloeDecryptor;
import allod.keys.FloeParameters;
import allod.keys.StreamBinding;
import allod.keys.UploadKey;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * From slot secrets to plaintext: every secret is tried on every envelope, every key found there on every stream, under
 * every domain, object and part that any row names. Follows docs/formats/envelope.md and map.md. What fails its
 * authentication was the wrong key; there is no other way to be wrong.
 */
final class ContentHunt {
    /** A part of a joined object, as its manifest lists it. */
    private record ListedPart(ByteBuffer blob, byte[] key) {}

    /** A content key or part key, and the secrets on the way to it. */
    private record FoundKey(byte[] key, List<byte[]> way) {}

    /** Ciphertext: a blob, or what stands in a slot's row. */
    private record Stream(String object, byte[] bytes) {}

    private final Map<ByteBuffer, byte[]> blobs;
    private final Collection<byte[]> domains;
    private final Set<Integer> parts = new LinkedHashSet<>(Set.of(1));
    private final Map<ByteBuffer, byte[]> objectIds = new LinkedHashMap<>();
    private final Map<ByteBuffer, FoundKey> keys = new LinkedHashMap<>();
    private final Map<ByteBuffer, String> owners = new HashMap<>();
    private final Map<String, List<List<ListedPart>>> manifests = new LinkedHashMap<>();
    private final List<OldCopyAttack.Plaintext> plaintexts = new ArrayList<>();
    private final Map<ByteBuffer, OldCopyAttack.Plaintext> ofBlob = new HashMap<>();
    private int envelopes;
    private int openedEnvelopes;
    private int streams;

    /**
     * @param blobs ciphertext by the name of its blob
     * @param domains every domain known
     */
    ContentHunt(Map<ByteBuffer, byte[]> blobs, Collection<byte[]> domains) {
        this.blobs = blobs;
        this.domains = domains;
    }

    /** Tries all secrets on the envelope of each slot, and what opens on what is sealed beside it. */
    void openEnvelopes(List<SlotRow> slots, List<PartRow> partRows, Collection<byte[]> secrets) {
        for (SlotRow row : slots) {
            if (row.wrappedKey().length == 0) {
                continue;
            }
            envelopes++;
            objectIds.put(ByteBuffer.wrap(row.objectId()), row.objectId());
            row.blobs().forEach(blob -> owners.put(ByteBuffer.wrap(blob), row.object()));
            int before = keys.size();
            for (byte[] secret : secrets) {
                for (byte[] domain : domains) {
                    openEnvelope(row, partRows, secret, domain);
                }
            }
            openedEnvelopes += keys.size() > before ? 1 : 0;
        }
        partRows.forEach(part -> parts.add(part.part()));
    }

    private void openEnvelope(SlotRow row, List<PartRow> partRows, byte[] secret, byte[] domain) {
        var binding = new EnvelopeBinding(domain, row.bucketId(), row.objectId());
        var envelope = new Envelope(row.wrappedKey(), row.commitment());
        Optional<ContentKey> opened = tried(() -> envelope.open(secret, Envelope.NO_ACCESS_SECRET, binding));
        if (opened.isEmpty()) {
            return;
        }
        try (ContentKey key = opened.get()) {
            found(key.copy(), List.of(secret));
            manifest(row)
                    .flatMap(bytes -> tried(() -> key.openManifest(row.objectId(), bytes)))
                    .ifPresent(manifest -> readManifest(row.object(), manifest, List.of(secret, key.copy())));
        }
        tried(() -> UploadKey.of(envelope, secret, Envelope.NO_ACCESS_SECRET, binding))
                .ifPresent(upload -> openParts(row, partRows, upload, secret));
    }

    private Optional<byte[]> manifest(SlotRow row) {
        return row.manifestInBlob()
                ? Optional.ofNullable(blobs.get(ByteBuffer.wrap(row.blobs().getLast())))
                : Optional.of(row.sealedManifest()).filter(bytes -> bytes.length > 0);
    }

    private void readManifest(String object, byte[] manifest, List<byte[]> way) {
        var fields = new Fields(manifest);
        fields.u8();
        List<ListedPart> listed = new ArrayList<>();
        for (int left = fields.u16(); left > 0; left--) {
            parts.add(fields.u16());
            var blob = ByteBuffer.wrap(fields.raw(16));
            fields.u64();
            byte[] key = fields.raw(32);
            fields.short16();
            listed.add(new ListedPart(blob, key));
            found(key, way);
        }
        manifests.computeIfAbsent(object, name -> new ArrayList<>()).add(listed);
    }

    private void openParts(SlotRow row, List<PartRow> partRows, UploadKey upload, byte[] secret) {
        try (upload) {
            for (PartRow part : partRows) {
                tried(() -> upload.openPart(part.part(), part.blob(), part.sealed()))
                        .ifPresent(record -> {
                            var fields = new Fields(record);
                            fields.u8();
                            owners.putIfAbsent(ByteBuffer.wrap(part.blob()), row.object());
                            found(fields.raw(32), List.of(secret));
                        });
            }
        }
    }

    private void found(byte[] key, List<byte[]> way) {
        List<byte[]> all = new ArrayList<>(way);
        all.add(key);
        keys.putIfAbsent(ByteBuffer.wrap(key), new FoundKey(key, all));
    }

    /** Tries all keys on all ciphertext. */
    void openStreams(List<SlotRow> slots) {
        Set<ByteBuffer> tried = new LinkedHashSet<>();
        for (SlotRow row : slots) {
            if (row.inline().length > 0 && tried.add(ByteBuffer.wrap(row.inline()))) {
                open(new Stream(row.object(), row.inline())).ifPresent(plaintexts::add);
            }
        }
        blobs.forEach((name, bytes) -> {
            var stream = new Stream(owners.getOrDefault(name, "(unknown)"), bytes);
            open(stream).ifPresent(plaintext -> {
                plaintexts.add(plaintext);
                ofBlob.put(name, plaintext);
            });
        });
        manifests.forEach((object, all) -> all.forEach(listed -> join(object, listed)));
    }

    private Optional<OldCopyAttack.Plaintext> open(Stream stream) {
        if (stream.bytes.length < FloeParameters.HEADER_BYTES) {
            return Optional.empty();
        }
        streams++;
        for (FoundKey found : keys.values()) {
            for (byte[] domain : domains) {
                for (byte[] objectId : objectIds.values()) {
                    for (int part : parts) {
                        var binding = new StreamBinding(domain, objectId, part);
                        Optional<byte[]> content = open(stream.bytes, found.key, binding);
                        if (content.isPresent()) {
                            return Optional.of(new OldCopyAttack.Plaintext(stream.object, content.get(), found.way));
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> open(byte[] bytes, byte[] key, StreamBinding binding) {
        try (ContentKey content = ContentKey.of(key)) {
            byte[] streamKey = content.streamKey(binding);
            return tried(() -> {
                        // The header alone tells a wrong key, at the cost of one derivation.
                        new FloeDecryptor(FloeParameters.STANDARD, streamKey, binding.aad(), bytes, 0).close();
                        return streamKey;
                    })
                    .flatMap(right -> tried(() -> Floe.open(FloeParameters.STANDARD, right, binding.aad(), bytes)));
        }
    }

    private void join(String object, List<ListedPart> listed) {
        var content = new ByteArrayOutputStream();
        List<byte[]> way = new ArrayList<>();
        for (ListedPart part : listed) {
            OldCopyAttack.Plaintext plaintext = ofBlob.get(part.blob);
            if (plaintext == null) {
                return;
            }
            content.writeBytes(plaintext.content());
            way.addAll(plaintext.keys());
        }
        plaintexts.add(new OldCopyAttack.Plaintext(object, content.toByteArray(), way));
    }

    /** What an attempt gives; empty where the key was the wrong one. */
    private static <T> Optional<T> tried(Supplier<T> attempt) {
        try {
            return Optional.of(attempt.get());
        } catch (Problem | IllegalArgumentException | BufferUnderflowException wrongKey) {
            return Optional.empty();
        }
    }

    List<OldCopyAttack.Plaintext> plaintexts() {
        return plaintexts;
    }

    int envelopes() {
        return envelopes;
    }

    int openedEnvelopes() {
        return openedEnvelopes;
    }

    int streams() {
        return streams;
    }
}
