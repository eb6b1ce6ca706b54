package allod.crash;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.SplittableRandom;

/** Content that can be told from all other: every piece follows from its number. */
record Content(List<Piece> pieces) {
    /**
     * @param id unlike all others of a suite
     * @param size bytes
     */
    record Piece(long id, int size) {}

    Content {
        pieces = List.copyOf(pieces);
    }

    static Content of(long id, int size) {
        return new Content(List.of(new Piece(id, size)));
    }

    static Content joined(List<Content> parts) {
        return new Content(parts.stream().flatMap(part -> part.pieces.stream()).toList());
    }

    byte[] bytes() {
        var all = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            byte[] bytes = new byte[piece.size];
            new SplittableRandom(piece.id).nextBytes(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }
}
