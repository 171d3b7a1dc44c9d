/**
 * @file normal.h
 * A text as patterns read it beside the original: spelled plainly, with what stands between words left where it is.
 *
 *     received   Ｂоіте d’armes – «AK‑47»        full-width B, Cyrillic o and i, curly quotes, dashes that are no hyphen
 *     normal     boite d'armes - "AK-47"
 *
 *     letters      NFKC, accents stripped and case folded in Latin, Greek, Arabic and Hebrew; compatibility forms (full width, ligatures, letters
 *                  in circles, mathematical ones) as what they stand for; dotless i, strokes through l, o, d (letter.h)
 *     look-alikes  of Latin, Cyrillic and Greek in the script of their word (letter.h); a word of nothing but look-alikes is Latin
 *     Cyrillic     otherwise as it is, й and ї are letters of their own; ё is е; accents (stress) go
 *     others       as they are, composed: Hangul, kana, Chinese, Thai, the scripts of India
 *     between      every dash is -, every apostrophe ', every quotation mark ", every blank a space, the sign of multiplication an x;
 *                  the rest stays
 *     dropped      what is not seen: soft hyphens, zero-width spaces and joiners
 *
 * ASCII is left as it is, in its own case: patterns are caseless. Invariant: a text in ASCII is its own normal form.
 * Source: Unicode UAX #15, UTS #39 confusables; general categories Pd, Pi, Pf, Zs of UAX #44.
 */
#ifndef TIDEWAITER_ENGINE_BASE_NORMAL_H
#define TIDEWAITER_ENGINE_BASE_NORMAL_H

#include <stdbool.h>
#include <tidewaiter/slice.h>

/** One character of the normal form, and the bytes of the source that it stands for. */
struct tw_normal_unit {
	int32_t code;
	uint32_t from, to;
};

/** Units that a text of so many bytes has at most. Source: as TW_TEXT_STEP_CODES, of three bytes. */
#define TW_NORMAL_UNITS(bytes) ((size_t)(bytes)*6 + 1)
/** Bytes of UTF-8 that so many units have at most. */
#define TW_NORMAL_BYTES(units) ((size_t)(units)*4)

/**
 * @param text    UTF-8; ill-formed bytes are blanks
 * @param unit    room for TW_NORMAL_UNITS(text.len), the caller's
 * @param changed false: it reads as the source does, but for case
 * @return how many units. Threads: any.
 */
uint32_t tw_normal_of(struct tw_slice text, struct tw_normal_unit *unit, bool *changed);
/** @param out room for TW_NORMAL_BYTES(count) @return bytes written */
uint32_t tw_normal_encode(const struct tw_normal_unit *unit, uint32_t count, char *out);
/** @param part bytes of the encoded form @return the bytes of the source that it stands for; nothing of it: where it begins */
struct tw_span tw_normal_source(const struct tw_normal_unit *unit, uint32_t count, struct tw_span part);

#endif
