/**
 * @file embargoes.h
 * Arms embargoes as dated data, and the one question asked of them: what was in force on that day, for this place and these goods?
 * Source: feeds/embargoes/embargoes.csv, its README says what is verified and what not.
 */
#ifndef TIDEWAITER_FEEDS_EMBARGOES_H
#define TIDEWAITER_FEEDS_EMBARGOES_H

#include <tidewaiter/embargo.h>
#include <tidewaiter/error.h>

struct tw_embargoes;

/** The whole file or nothing. @param out owned by the caller; written on TW_OK only @return TW_OK; TW_E_MISSING, TW_E_IO; TW_E_SYNTAX and others with
 * file and line; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_embargoes_load(const char *path, struct tw_embargoes **out, struct tw_error *err);
void tw_embargoes_free(struct tw_embargoes *embargoes);
/** Hex SHA-256 of the file, borrowed. */
struct tw_slice tw_embargoes_digest(const struct tw_embargoes *embargoes);
/** All rows, in file order. */
const struct tw_embargo *tw_embargoes_rows(const struct tw_embargoes *embargoes, uint32_t *count);

/**
 * Rows in force on `query->day` (start <= day < end) for that country, whose goods meet the query's goods and whose direction meets.
 * Goods meet by inclusion: an all_goods row meets everything; arms_and_related meets arms, ammunition, light and heavy weapons;
 * a query for light weapons meets arms rows but not heavy_conventional ones.
 * @param out  at most `room` rows: binding before voluntary, seen before derived before recalled, UN before others, then file order
 * @return how many rows fit (may exceed room)
 * Pure. Threads: any.
 */
uint32_t tw_embargoes_in_force(const struct tw_embargoes *embargoes, const struct tw_embargo_query *query, const struct tw_embargo **out,
                               uint32_t room);

/** Goods word of the data file and of the rule language; 0 when unknown. */
uint32_t tw_goods_find(struct tw_slice word);

#endif
