/**
 * @file cell.h
 * Text of strangers on a terminal: measured, cut and wrapped by columns, and unable to command it.
 *
 * A goods description comes from whoever wrote the manifest. Control characters (escape sequences among them) are shown as blanks, and
 * invisible formatting (bidirectional overrides, zero-width spaces) is dropped, so that a shipper cannot repaint an officer's screen
 * or make a name read backwards. Ill-formed bytes are shown as U+FFFD.
 * Source: Unicode, UAX #11 (East Asian width), UAX #9 (explicit formatting), UTR #36, section 2 (visual spoofing).
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CELL_H
#define TIDEWAITER_ENGINE_COMMAND_CELL_H

#include <stdio.h>
#include <tidewaiter/slice.h>

/** Columns that the text takes on a terminal. */
uint32_t tw_cell_width(struct tw_slice text);

/** Print at most `columns`, the last one an ellipsis when something was cut. @return columns printed */
uint32_t tw_cell_print(FILE *out, struct tw_slice text, uint32_t columns);

/** tw_cell_print, then blanks up to `columns`. */
void tw_cell_pad(FILE *out, struct tw_slice text, uint32_t columns);

/**
 * Print as a paragraph from the current column, which is `indent`: lines break at blanks, later ones start with `indent` blanks, a word
 * longer than a line is broken. Ends with a newline.
 * @param width columns of a whole line; one that leaves fewer than 10 is taken as indent + 10
 */
void tw_cell_wrap(FILE *out, struct tw_slice text, uint32_t indent, uint32_t width);

#endif
