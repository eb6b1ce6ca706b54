package allod.keys.transit;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** One transit key of the stand-in, with the rules and refusals that OpenBao was seen to have. */
final class StandInKey {
    private static final SecureRandom RANDOM = new SecureRandom();

    final String name;
    final TreeMap<Integer, byte[]> material = new TreeMap<>();
    int latest;
    int available;
    int minDecryption = 1;
    int minEncryption;
    String type = "aes256-gcm96";
    long autoRotate;
    boolean exportable;
    boolean plaintextBackup;
    boolean deletionAllowed;
    boolean softDeleted;
    boolean backedUp;
    boolean restored;

    /** What a server that lies shows as min_available_version. */
    int shownAvailable;

    StandInKey(String name) {
        this.name = name;
        rotate();
    }

    StandInKey copy() {
        StandInKey copy = new StandInKey(name);
        copy.material.clear();
        copy.material.putAll(material);
        copy.latest = latest;
        copy.available = available;
        copy.minDecryption = minDecryption;
        copy.minEncryption = minEncryption;
        copy.type = type;
        copy.autoRotate = autoRotate;
        copy.exportable = exportable;
        copy.plaintextBackup = plaintextBackup;
        copy.deletionAllowed = deletionAllowed;
        copy.softDeleted = softDeleted;
        copy.backedUp = backedUp;
        copy.restored = restored;
        return copy;
    }

    void rotate() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        latest++;
        material.put(latest, key);
    }

    /** A refusal with its status and words. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int status;

        Refused(int status, String words) {
            super(words);
            this.status = status;
        }
    }

    static Refused bad(String words) {
        return new Refused(400, words);
    }

    void configure(JsonNode body) {
        int decryption = body.has("min_decryption_version")
                ? body.get("min_decryption_version").asInt()
                : minDecryption;
        int encryption = body.has("min_encryption_version")
                ? body.get("min_encryption_version").asInt()
                : minEncryption;
        if (decryption < 0) {
            throw bad("min decryption version cannot be negative");
        }
        decryption = Math.max(1, decryption);
        if (decryption > latest) {
            throw bad("cannot set min decryption version of " + decryption + ", latest key version is " + latest);
        }
        if (encryption > latest) {
            throw bad("cannot set min encryption version of " + encryption + ", latest key version is " + latest);
        }
        if (encryption > 0 && encryption < decryption) {
            throw bad("cannot set min encryption/decryption values; min encryption version of " + encryption
                    + " must be greater than or equal to min decryption version of " + decryption);
        }
        if (encryption < available) {
            throw bad("min encryption version should not be less than min available version");
        }
        if (decryption < available) {
            throw bad("min decryption version should not be less then min available version");
        }
        minDecryption = decryption;
        minEncryption = encryption;
        exportable |= body.path("exportable").asBoolean(false);
        plaintextBackup |= body.path("allow_plaintext_backup").asBoolean(false);
        deletionAllowed = body.path("deletion_allowed").asBoolean(deletionAllowed);
        if (body.has("auto_rotate_period")) {
            autoRotate =
                    Long.parseLong(body.get("auto_rotate_period").asString().replaceAll("[^0-9]", ""));
        }
    }

    void trim(JsonNode body, StandInTransit.Lie lie) {
        if (!body.has("min_available_version")) {
            throw bad("missing min_available_version");
        }
        int version = body.get("min_available_version").asInt();
        if (minEncryption == 0) {
            throw bad("minimum available version cannot be set when minimum encryption version is not set");
        }
        if (version < available) {
            throw bad("minimum available version cannot be decremented");
        }
        if (version == 0) {
            throw bad("minimum available version should be positive");
        }
        if (version > minEncryption) {
            throw bad("minimum available version cannot be greater than minmum encryption version");
        }
        switch (lie) {
            case NONE -> {
                available = version;
                material.headMap(version).clear();
            }
            case HIDES -> {}
            case KEEPS -> shownAvailable = version;
        }
    }

    String encrypt(JsonNode body) {
        byte[] plaintext = base64(body, "plaintext", 400, "missing plaintext to encrypt");
        int version = body.path("key_version").asInt(0);
        if (version < 0) {
            throw bad("requested version for encryption is negative");
        }
        version = version == 0 ? latest : version;
        if (version > latest) {
            throw bad("requested version for encryption is higher than the latest key version");
        }
        if (version < minEncryption) {
            throw bad("requested version for encryption is less than the minimum encryption key version");
        }
        byte[] nonce = new byte[12];
        RANDOM.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, version, nonce, plaintext, aad(body));
        byte[] whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
        System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
        return "vault:v" + version + ":" + Base64.getEncoder().encodeToString(whole);
    }

    byte[] decrypt(JsonNode body, StandInTransit.Lie lie) {
        String ciphertext = body.path("ciphertext").asString("");
        if (softDeleted) {
            throw bad("refusing to use soft-deleted key");
        }
        if (ciphertext.isEmpty()) {
            throw bad("missing ciphertext to decrypt");
        }
        if (!ciphertext.matches("vault:v[0-9]+:.*")) {
            throw bad("invalid ciphertext: no prefix");
        }
        int version = Integer.parseInt(ciphertext.substring(7, ciphertext.indexOf(':', 7)));
        if (version > latest) {
            throw bad("invalid ciphertext: version is too new");
        }
        if (version < minDecryption && lie != StandInTransit.Lie.KEEPS) {
            throw bad("ciphertext or signature version is disallowed by policy (too old)");
        }
        byte[] whole;
        try {
            whole = Base64.getDecoder().decode(ciphertext.substring(ciphertext.indexOf(':', 7) + 1));
        } catch (IllegalArgumentException e) {
            throw bad("invalid ciphertext: could not decode base64");
        }
        if (whole.length < 28) {
            throw bad("invalid ciphertext length");
        }
        return crypt(
                Cipher.DECRYPT_MODE,
                version,
                Arrays.copyOf(whole, 12),
                Arrays.copyOfRange(whole, 12, whole.length),
                aad(body));
    }

    private byte[] crypt(int mode, int version, byte[] nonce, byte[] bytes, byte[] aad) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] key = java.util.Objects.requireNonNull(material.get(version));
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(aad);
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw bad("cipher: message authentication failed");
        }
    }

    private static byte[] aad(JsonNode body) {
        return body.has("associated_data") ? base64(body, "associated_data", 500, "") : new byte[0];
    }

    private static byte[] base64(JsonNode body, String member, int status, String missing) {
        if (!body.has(member)) {
            throw bad(missing);
        }
        try {
            return Base64.getDecoder().decode(body.get(member).asString());
        } catch (IllegalArgumentException e) {
            String words = "illegal base64 data at input byte 0";
            throw new Refused(
                    status,
                    status == 400
                            ? words
                            : "1 error occurred:\n\t* unable to get associated_data/additional_data from factory[0]: "
                                    + words + "\n\n");
        }
    }

    Map<String, Object> shown() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("allow_plaintext_backup", plaintextBackup);
        data.put("auto_rotate_period", autoRotate);
        if (backedUp) {
            data.put("backup_info", Map.of("version", latest));
        }
        data.put("deletion_allowed", deletionAllowed);
        data.put("derived", false);
        data.put("exportable", exportable);
        data.put("imported_key", false);
        Map<String, Object> versions = new TreeMap<>();
        for (int version = Math.max(minDecryption, available); version <= latest; version++) {
            versions.put(String.valueOf(version), 1795455758);
        }
        data.put("keys", versions);
        data.put("latest_version", latest);
        data.put("min_available_version", Math.max(available, shownAvailable));
        data.put("min_decryption_version", minDecryption);
        data.put("min_encryption_version", minEncryption);
        data.put("name", name);
        if (restored) {
            data.put("restore_info", Map.of("version", latest));
        }
        data.put("soft_deleted", softDeleted);
        data.put("supports_decryption", true);
        data.put("supports_encryption", true);
        data.put("type", type);
        return data;
    }
}
