/* SPDX-License-Identifier: MIT */
/* letter_font.c - see letter_font.h. */
#include "notifier/letter_font.h"

#include <stdio.h>
#include <string.h>

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

struct letter_fonts {
    char families[LETTER_KEY_SIZE]; /* as given */
    char *list;                     /* the same with commas only, as Pango takes them; owned */
    FcConfig *config;               /* knows the files of these families only */
    PangoFontMap *map;
    PangoContext *context;
    PangoFontDescription *description[LETTER_STYLE_END];
};

static const struct {
    const char *family;
    const char *package;
} packages[] = {
    {"Liberation Serif", "fonts-liberation2"},
    {"DejaVu Serif", "fonts-dejavu-core"},
    {"Noto Serif", "fonts-noto-core"},
    {"Tinos", "fonts-croscore"},
};

static const char *package_of(const char *family)
{
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        if (g_ascii_strcasecmp(packages[i].family, family) == 0) {
            return packages[i].package;
        }
    }
    return NULL;
}

static enum status refuse(const char *family, const char *face, char error[LETTER_ERROR_SIZE])
{
    const char *package = package_of(family);

    if (package != NULL) {
        snprintf(error, LETTER_ERROR_SIZE, "the font \"%.100s\" (%s) is not installed; install the Debian package %s",
                 family, face, package);
    } else {
        snprintf(
            error, LETTER_ERROR_SIZE,
            "the font \"%.100s\" (%s) is not installed; install it, or name another one under fonts in the template",
            family, face);
    }
    return STATUS_INVALID;
}

/* What of a family is there. */
struct faces {
    bool upright, bold, italic;
};

static enum status add_files(FcConfig *config, const FcFontSet *found, struct faces *faces)
{
    for (int i = 0; i < found->nfont; i++) {
        FcChar8 *file;
        int weight = FC_WEIGHT_NORMAL;
        int slant = FC_SLANT_ROMAN;

        if (FcPatternGetString(found->fonts[i], FC_FILE, 0, &file) != FcResultMatch) {
            continue;
        }
        if (!FcConfigAppFontAddFile(config, file)) {
            return STATUS_RETRY;
        }
        FcPatternGetInteger(found->fonts[i], FC_WEIGHT, 0, &weight);
        FcPatternGetInteger(found->fonts[i], FC_SLANT, 0, &slant);
        faces->upright |= weight >= FC_WEIGHT_BOOK && weight <= FC_WEIGHT_MEDIUM && slant == FC_SLANT_ROMAN;
        faces->bold |= weight == FC_WEIGHT_BOLD && slant == FC_SLANT_ROMAN;
        faces->italic |= weight >= FC_WEIGHT_BOOK && weight <= FC_WEIGHT_MEDIUM && slant != FC_SLANT_ROMAN;
    }
    return STATUS_OK;
}

static enum status add_family(FcConfig *config, const char *family, bool first, char error[LETTER_ERROR_SIZE])
{
    FcPattern *pattern = FcPatternCreate();
    FcObjectSet *wanted = FcObjectSetBuild(FC_FILE, FC_WEIGHT, FC_SLANT, (char *)NULL);
    FcFontSet *found = NULL;
    struct faces faces = {0};
    enum status st = STATUS_RETRY;

    if (pattern == NULL || wanted == NULL || !FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family) ||
        !FcPatternAddBool(pattern, FC_SCALABLE, FcTrue)) {
        goto done;
    }
    found = FcFontList(NULL, pattern, wanted); /* of the machine's own configuration */
    if (found == NULL) {
        goto done;
    }
    st = add_files(config, found, &faces);
    if (st == STATUS_OK && !faces.upright) {
        st = refuse(family, "upright", error);
    } else if (st == STATUS_OK && first && !faces.bold) {
        st = refuse(family, "bold", error);
    } else if (st == STATUS_OK && first && !faces.italic) {
        st = refuse(family, "italic", error);
    }
done:
    if (found != NULL) {
        FcFontSetDestroy(found);
    }
    if (wanted != NULL) {
        FcObjectSetDestroy(wanted);
    }
    if (pattern != NULL) {
        FcPatternDestroy(pattern);
    }
    return st;
}

static enum status add_families(struct letter_fonts *self, char error[LETTER_ERROR_SIZE])
{
    char **names = g_strsplit(self->families, ",", -1);
    enum status st = STATUS_OK;
    bool first = true;

    for (char **name = names; *name != NULL && st == STATUS_OK; name++) {
        st = add_family(self->config, g_strstrip(*name), first, error);
        first = false;
    }
    self->list = g_strjoinv(",", names);
    g_strfreev(names);
    return st;
}

static void make_descriptions(struct letter_fonts *self)
{
    for (enum letter_style style = 0; style < LETTER_STYLE_END; style++) {
        const struct letter_style_info *info = letter_style_info(style);
        PangoFontDescription *description = pango_font_description_new();

        pango_font_description_set_family_static(description, self->list);
        pango_font_description_set_absolute_size(description, info->size_pt * PANGO_SCALE);
        pango_font_description_set_weight(description, info->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        pango_font_description_set_style(description, info->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
        self->description[style] = description;
    }
}

/* Lengths that do not depend on any screen: no hinting, no rounding to its dots. */
static void make_context(struct letter_fonts *self)
{
    cairo_font_options_t *options = cairo_font_options_create();

    self->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(self->map), self->config);
    self->context = pango_font_map_create_context(self->map);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(self->context, options);
    pango_cairo_context_set_resolution(self->context, 72);
    pango_context_set_round_glyph_positions(self->context, FALSE);
    pango_context_set_language(self->context, pango_language_from_string("vi-VN"));
    pango_context_set_base_dir(self->context, PANGO_DIRECTION_LTR);
    cairo_font_options_destroy(options);
}

enum status letter_fonts_new(struct letter_fonts **self_p, const char *families, char error[LETTER_ERROR_SIZE])
{
    struct letter_fonts *self = g_new0(struct letter_fonts, 1);
    enum status st = STATUS_RETRY;

    snprintf(error, LETTER_ERROR_SIZE, "fontconfig cannot be used");
    g_strlcpy(self->families, families, sizeof self->families);
    self->config = FcConfigCreate();
    if (self->config != NULL) {
        st = add_families(self, error);
    }
    if (st == STATUS_OK) {
        make_context(self);
        make_descriptions(self);
    } else {
        letter_fonts_destroy(&self);
    }
    *self_p = self;
    return st;
}

void letter_fonts_destroy(struct letter_fonts **self_p)
{
    struct letter_fonts *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (enum letter_style style = 0; style < LETTER_STYLE_END; style++) {
        if (self->description[style] != NULL) {
            pango_font_description_free(self->description[style]);
        }
    }
    g_clear_object(&self->context);
    if (self->map != NULL) {
        /* pango 1.50 frees a font map, but not the configuration that it was given last. */
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(self->map), NULL);
    }
    g_clear_object(&self->map);
    if (self->config != NULL) {
        FcConfigDestroy(self->config);
    }
    g_free(self->list);
    g_free(self);
    *self_p = NULL;
}

const char *letter_fonts_families(const struct letter_fonts *self)
{
    return self->families;
}

PangoLayout *letter_fonts_layout(struct letter_fonts *self)
{
    PangoLayout *layout = pango_layout_new(self->context);

    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout, FALSE);
    return layout;
}

const PangoFontDescription *letter_fonts_description(const struct letter_fonts *self, enum letter_style style)
{
    return self->description[style];
}
