/**
 * @file top_papers.h
 * The papers section as a table, for an alert in full and for a certificate's ledger. Private to engine/command.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_TOP_PAPERS_H
#define TIDEWAITER_ENGINE_COMMAND_TOP_PAPERS_H

#include <tidewaiter/papers.h>

#include "engine/command/top.h"

/**
 *     certificate QZ|QZMOD202600417 on record, authenticated; licence absent; invoice INV-7; packing_list absent
 *                           MANIFEST     CERTIFICATE        INVOICE
 *       agrees   destination  QZ           QZ                 QZ
 *     ! differs  line 1 quantity  150 C62  500 C62, 100 left  140      50 too many
 *
 * Columns that no row fills are left out. Nothing where there are no papers.
 */
void tw_papers_print(const struct tw_papers *papers, const struct tw_top_options *options, FILE *out);

#endif
