/**
 * @file reference.h
 * The code lists that manifests speak in: countries and their land borders, UN/LOCODE, HS 2022, BIC owner codes.
 *
 * Loaded from CSV files (feeds/reference/, credited in SOURCES.md there), not compiled in: UN/LOCODE changes twice a year, and a
 * centre replaces one file without a compiler. Immutable once loaded; threads: any.
 */
#ifndef TIDEWAITER_FEEDS_REFERENCE_H
#define TIDEWAITER_FEEDS_REFERENCE_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_reference;

/** @param folder holds countries.csv, borders.csv, unlocode.csv, hs2022.csv, bic.csv @return TW_E_IO, TW_E_SYNTAX with file:line */
TW_MUST_USE enum tw_code tw_reference_load(const char *folder, struct tw_reference **out, struct tw_error *err);
void tw_reference_free(struct tw_reference *reference);
/** Hex SHA-256 over the files' bytes in a fixed order. */
struct tw_slice tw_reference_digest(const struct tw_reference *reference);

/** @param code tw_country_code; 0 is unknown. User-assigned codes (AA, QM-QZ, XA-XZ, ZZ) are known: ISO 3166-1 reserves them for users */
bool tw_reference_country(const struct tw_reference *reference, uint16_t code);
/** English short name, "" when unknown */
struct tw_slice tw_reference_country_name(const struct tw_reference *reference, uint16_t code);
/** Code of a country by any of its names ("Iran, Islamic Republic of", "DPRK"), folded; 0 when unknown. Allocates: for load time */
uint16_t tw_reference_country_named(const struct tw_reference *reference, struct tw_slice name);
/** Land border between two countries; symmetric. */
bool tw_reference_borders(const struct tw_reference *reference, uint16_t a, uint16_t b);
/** All that it has a land border with, ascending. @param out at most `room` of them @return how many there are (may exceed room) */
uint32_t tw_reference_neighbours(const struct tw_reference *reference, uint16_t country, uint16_t *out, uint32_t room);
/** @param locode five characters, any case, an inner space allowed. Places of user-assigned countries (QZ..., XA...) are known */
bool tw_reference_place(const struct tw_reference *reference, struct tw_slice locode);
/** "Antwerpen" for "BEANR"; "" when unknown */
struct tw_slice tw_reference_place_name(const struct tw_reference *reference, struct tw_slice locode);
/** @param hs 4 to 10 digits, dots and spaces allowed: known when its first 6 (or 4) digits are in HS 2022 */
bool tw_reference_hs(const struct tw_reference *reference, struct tw_slice hs);
/** @param prefix 2 to 10 digits, dots and spaces allowed: true when a heading or subheading of HS 2022 begins with it, as far as its sixth */
bool tw_reference_hs_begins(const struct tw_reference *reference, struct tw_slice prefix);
struct tw_slice tw_reference_hs_text(const struct tw_reference *reference, struct tw_slice hs);
/** @param number a container number: its first three letters are a registered owner */
bool tw_reference_owner(const struct tw_reference *reference, struct tw_slice number);

#endif
