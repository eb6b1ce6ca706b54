package allod.keys.pkcs11;

import java.nio.file.Path;

/**
 * Which token, and what its operator states of it.
 *
 * @param id the custodian's name in this installation; small letters, digits and {@code -}, at most 64
 * @param library the module's shared library
 * @param token the token's label, 1 to 32 bytes
 * @param pinFile file with the user's PIN alone in it
 * @param validated whether the operator states that it is a validated hardware security module whose destruction of a
 *     key is a zeroization, and that it keeps no backup of its keys
 */
public record Pkcs11Settings(String id, Path library, String token, Path pinFile, boolean validated) {}
