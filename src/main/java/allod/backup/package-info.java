/**
 * Copies of the data folder to another place and back: {@link allod.backup.Backup} writes one, {@link
 * allod.backup.BackupFetch} brings one back, a {@link allod.backup.BackupPlace} is where they lie. Everything copied is
 * ciphertext or stands in the clear in the data folder; custody is never copied. What a copy means beside today's custody
 * is the store's to say ({@link allod.store.StoreRestore}). Uses {@code base} and {@code store}; called by {@code cli}.
 * The bytes are in docs/formats/backup.md.
 */
@NullMarked
package allod.backup;

import org.jspecify.annotations.NullMarked;
