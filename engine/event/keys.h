/**
 * @file keys.h
 * What makes two mentions the same entity: one text key for each party, address, vessel, container, consignment, certificate, marking.
 *
 *     party        =EORI:XB123456    a registration id, where one is stated with its scheme
 *                  al salaam co|XB   else folded name | country
 *     address      12 harbour road|XB
 *     vessel       9074729           IMO number, else   ocean star|PA   folded name | flag
 *     container    HLXU1234567
 *     consignment  bytes as received
 *     certificate  QZ|QZMOD202600417     issuer country | number
 *     paper        QZ#P0007  a paper's printed number;   #9F86D081  the hash of a document
 *     licence      CZ#licence#CZEXP5521    issuing country | number
 *     marking      MAKER|AB01417         serial or lot;   MAKER|AB0001-AB0120   a range by its two ends
 *
 * Company forms are not removed here: "Al Salaam Ltd" and "Al Salaam LLC" are two companies; likeness is the name index's business.
 * A key longer than TW_KEY_BYTES_MAX keeps its head and ends in '~' and a 128-bit hash of the whole.
 * Keys are part of stored state: changing one needs a new store prefix and a rebuild.
 *
 * All functions: pure; the key lives in `arena` (or is the argument's own bytes), at most TW_KEY_BYTES_MAX; length 0 when too little is
 * stated to tell one entity from another; {NULL, 0} at the arena's ceiling. Threads: any, one arena a thread.
 * Source: IMO resolution A.1117(30) (ship numbers); ISO 6346 (containers); International Tracing Instrument, A/60/88 annex, III.8 (marks).
 */
#ifndef TIDEWAITER_ENGINE_EVENT_KEYS_H
#define TIDEWAITER_ENGINE_EVENT_KEYS_H

#include <tidewaiter/consignment.h>
#include <tidewaiter/marking.h>

struct tw_arena;

/** The least (scheme, value) wins where several ids are stated, so that their order does not matter. The country falls back to the address's. */
struct tw_slice tw_key_party(const struct tw_party *party, struct tw_arena *arena);
struct tw_slice tw_key_address(const struct tw_address *address, struct tw_arena *arena);
struct tw_slice tw_key_vessel(const struct tw_means *means, struct tw_arena *arena);
struct tw_slice tw_key_container(struct tw_slice number, struct tw_arena *arena);
struct tw_slice tw_key_consignment(struct tw_slice id, struct tw_arena *arena);
/** @param country the issuer's, as received; a reference that does not state it has a key of its own */
struct tw_slice tw_key_certificate(struct tw_slice country, struct tw_slice number, struct tw_arena *arena);
/** @param make the maker that the item states, for a mark that states none; an import mark names no single weapon: no key */
struct tw_slice tw_key_marking(const struct tw_marking *marking, struct tw_slice make, struct tw_arena *arena);
/** "MAKER|~LETTERS": of all serials of a maker with those letters before their number. @param letters reduced, ASCII, folded; may be empty */
struct tw_slice tw_key_series(struct tw_slice make, struct tw_slice letters, struct tw_arena *arena);
/** "MAKER|~LETTERS#7": of a part of a series (series_part.h). @param series a key of tw_key_series @param number NULL: "MAKER|~LETTERS#" */
struct tw_slice tw_key_series_part(struct tw_slice series, const uint64_t *number, struct tw_arena *arena);
/** "*|~LETTERS": of the series of all makers with those letters. @param series a key of tw_key_series */
struct tw_slice tw_key_series_index(struct tw_slice series, struct tw_arena *arena);
/** "*|=FOLDED": of all makers' marks of that text, look-alikes made one; for marks that are in no series. @param value as received */
struct tw_slice tw_key_mark_index(struct tw_slice value, struct tw_arena *arena);
#define TW_MARK_NUMBER_MIN 4U /* signs: shorter serials are any maker's */
/** "+|VALUE", a serial whoever made it; empty where it is too short. No maker's reduced name holds a '+'. */
struct tw_slice tw_key_mark_number(struct tw_slice value, struct tw_arena *arena);

/** "#AB12..", the hash of a certificate's document, letters and digits alone. */
struct tw_slice tw_key_document(struct tw_slice sha256, struct tw_arena *arena);
/** "QZ#P0007", the number printed on an issuer's paper; empty for fewer than TW_PAPER_NUMBER_MIN letters and digits: everybody has a number 1. */
struct tw_slice tw_key_paper(struct tw_slice country, struct tw_slice number, struct tw_arena *arena);
#define TW_PAPER_NUMBER_MIN 4U
/** "EXPORTER#contract#CT417": sellers number their contracts each for himself. Empty without a number or an exporter's name. */
struct tw_slice tw_key_contract(const struct tw_party *exporter, struct tw_slice number, struct tw_arena *arena);
/** "CZ#licence#CZEXP5521": each state numbers its own. Empty without a country, or for fewer than TW_PAPER_NUMBER_MIN letters and digits. */
struct tw_slice tw_key_licence(struct tw_slice country, struct tw_slice number, struct tw_arena *arena);

#endif
