/**
 * @file decimal.h
 * Decimal numbers without a double: the characters of a JSON number to ten-thousandths.
 * Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_DECODE_DECIMAL_H
#define TIDEWAITER_ENGINE_DECODE_DECIMAL_H

#include <tidewaiter/slice.h>

enum tw_decimal {
	TW_DECIMAL_EXACT = 0,
	TW_DECIMAL_CUT,   /**< digits beyond the fourth decimal were dropped, towards zero */
	TW_DECIMAL_FORM,  /**< not a JSON number */
	TW_DECIMAL_RANGE, /**< beyond TW_AMOUNT_E4_MAX */
};

/**
 * @param text  the number's characters and nothing else; exponents of any size are understood
 * @param e4    written on EXACT and CUT
 * Source: RFC 8259 section 6 (the form).
 */
enum tw_decimal tw_decimal_read(struct tw_slice text, int64_t *e4);

#endif
