package allod.store;

import java.util.Optional;

/**
 * A part of a joined object.
 *
 * @param number as it was uploaded, 1 to 10,000
 * @param checksum base64, under the object's algorithm, where the upload kept one for each part
 */
public record ObjectPart(int number, long size, Optional<String> checksum) {}
