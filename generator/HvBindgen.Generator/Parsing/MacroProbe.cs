using System.Globalization;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Parsing;

/// <summary>
/// Writes the C that makes the compiler say what macros are worth: after the headers, one variable for each macro whose
/// initialiser is the macro. The compiler then has evaluated casts, shifts, sizes and other macros itself, and deduced the type.
/// </summary>
/// <remarks>
/// The <c>_IO*</c> macros keep only the size of their argument's type. So after the values they are defined anew, to give a
/// pointer to a function that takes a marker and a pointer to the argument: the macro's type then names the argument's type.
/// </remarks>
internal sealed class MacroProbe
{
    internal const string ValuePrefix = "hvbindgen_value_";
    internal const string TextPrefix = "hvbindgen_text_";
    internal const string LiteralPrefix = "hvbindgen_literal_";
    internal const string CharacterPrefix = "hvbindgen_character_";
    internal const string ArgumentPrefix = "hvbindgen_argument_";
    internal const string ArrayArgumentPrefix = "hvbindgen_array_argument_";
    internal const string SamplePrefix = "hvbindgen_sample_";
    internal const string EncodingPrefix = "hvbindgen_encoding_";
    internal const string LowPrefix = "hvbindgen_low_";
    internal const string HighPrefix = "hvbindgen_high_";
    internal const string ZeroPrefix = "hvbindgen_zero_";
    internal const string EndPrefix = "hvbindgen_end_";
    internal const string Spellings = "hvbindgen_spellings";
    internal const string Marker = "hvbindgen_ioctl";

    /// <summary>
    /// Headers name <c>size_t</c> in the arguments of requests and leave <c>stddef.h</c> to their users. C lets the same type be
    /// defined again; where a header has another <c>size_t</c> this line is an error, and the header's holds.
    /// </summary>
    internal const string SizeTypeDefinition = "typedef __SIZE_TYPE__ size_t;";

    /// <summary>Where C says that <c>size_t</c> is defined, for one that no header of the set defines.</summary>
    internal static SourceLocation SizeTypeLocation { get; } = new("stddef.h", 1, 1);

    /// <summary>What a machine's <c>asm/ioctl.h</c> says of the fields of a request number.</summary>
    internal static IReadOnlyList<string> EncodingMacros { get; } =
    [
        "_IOC_NRSHIFT", "_IOC_TYPESHIFT", "_IOC_SIZESHIFT", "_IOC_DIRSHIFT", "_IOC_NRMASK", "_IOC_TYPEMASK", "_IOC_SIZEMASK",
        "_IOC_DIRMASK",
        "_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
    ];

    private readonly StringBuilder text = new();
    private readonly Dictionary<int, string> valueLines = [];
    private readonly Dictionary<int, string> endLines = [];
    private int lines = 1;

    /// <summary>First line after the includes; faults from there on concern single macros, not the headers.</summary>
    internal int FirstProbeLine { get; private set; }

    /// <summary>Number of lines of <see cref="Source"/>.</summary>
    internal int Lines => lines - 1;

    /// <summary>The C source.</summary>
    internal string Source => text.ToString();

    /// <summary>The header that ends before a line, which is an error when the header's last declaration is open; null elsewhere.</summary>
    internal string? HeaderEndingAt(int line) => endLines.GetValueOrDefault(line);

    /// <summary>The macro whose value is asked for on a line; null when another thing is.</summary>
    internal string? ValueAt(int line) => valueLines.GetValueOrDefault(line);

    internal static MacroProbe Write(IReadOnlyList<string> headers, ProbeQuestions questions)
    {
        MacroProbe probe = new();
        foreach (string header in headers)
        {
            probe.Line($"#include <{header}>");

            // Only where no declaration is open can a function be defined. Else the probes would stand inside the header's last
            // declaration, and what clang says of that would be taken for a fault of theirs.
            probe.endLines.Add(probe.lines, header);
            probe.Line(string.Create(CultureInfo.InvariantCulture, $"static __inline__ void {EndPrefix}{probe.lines}(void) {{ }}"));
        }

        // Many headers define requests and leave it to their users to include what _IOW is.
        probe.Line("#if __has_include(<linux/ioctl.h>) && __has_include(<asm/ioctl.h>)");
        probe.Line("#include <linux/ioctl.h>");
        probe.Line("#endif");
        probe.FirstProbeLine = probe.lines;
        probe.Line(SizeTypeDefinition);
        foreach (string macro in EncodingMacros)
        {
            probe.Variable(EncodingPrefix, macro);
        }

        // Old compilers take what nothing declares for a function where it is called, and sizeof of that call for a number.
        probe.Line(VaryingMacros.NoImplicitFunctions);
        foreach (string varying in VaryingMacros.Names)
        {
            probe.Line($"#undef {varying}");
            probe.Line($"#define {varying} {VaryingMacros.Replacement(varying)}");
        }

        foreach ((string enumerator, int value) in questions.Enumerators)
        {
            probe.Line($"#undef {enumerator}");
            probe.Line(string.Create(CultureInfo.InvariantCulture, $"#define {enumerator} ({value})"));
        }

        foreach (string macro in questions.Values)
        {
            // The line after its #ifdef.
            probe.valueLines.Add(probe.lines + 1, macro);
            probe.Variable(ValuePrefix, macro);
        }

        probe.Spell(questions.Arithmetic);
        foreach (string macro in questions.Texts)
        {
            probe.Text(macro);
        }

        foreach (string macro in questions.Halves)
        {
            probe.IfDefined(macro, $"__auto_type {LowPrefix}{macro} = (unsigned long long)({macro});");
            probe.IfDefined(macro, $"__auto_type {HighPrefix}{macro} = (unsigned long long)(({macro}) >> 64);");
        }

        foreach (string macro in questions.Zeros)
        {
            probe.IfDefined(macro, $"__auto_type {ZeroPrefix}{macro} = ({macro}) == 0;");
        }

        foreach ((string macro, IReadOnlyList<string> samples) in questions.Samples)
        {
            for (int index = 0; index < samples.Count; index++)
            {
                string variable = string.Create(CultureInfo.InvariantCulture, $"{SamplePrefix}{index}_{macro}");
                probe.IfDefined(macro, $"__auto_type {variable} = ({macro}({samples[index]}));");
            }
        }

        foreach ((string macro, long count) in questions.Characters)
        {
            for (long index = 0; index < count; index++)
            {
                probe.Line(
                    string.Create(CultureInfo.InvariantCulture, $"__auto_type {CharacterPrefix}{index}_{macro} = ({macro})[{index}];"));
            }
        }

        if (questions.Requests.Count > 0 || questions.Samples.Count > 0)
        {
            probe.Line($"struct {Marker};");
            probe.RedefineRequests("T *");
            probe.Variables(ArgumentPrefix, questions);

            // "T *" is no declarator for an array: there the type is taken through typeof.
            probe.RedefineRequests("__typeof__(T) *");
            probe.Variables(ArrayArgumentPrefix, questions);
        }

        return probe;
    }

    // The preprocessor writes what each macro is replaced by into one text: that costs less than a variable for each.
    private void Spell(IReadOnlyCollection<string> macros)
    {
        if (macros.Count > 0)
        {
            Line("#define hvbindgen_text(...) #__VA_ARGS__");
            Line("#define hvbindgen_replaced(...) hvbindgen_text(__VA_ARGS__)");
            Line($"const char *{Spellings} = hvbindgen_replaced({string.Join(',', macros)});");
        }
    }

    private void RedefineRequests(string pointer)
    {
        foreach (string name in (ReadOnlySpan<string>)["_IOR", "_IOW", "_IOWR"])
        {
            Line($"#undef {name}");
            Line($"#define {name}(t, n, T) ((void (*)(struct {Marker} *, {pointer}))0)");
        }

        Line("#undef _IO");
        Line($"#define _IO(t, n) ((void (*)(struct {Marker} *))0)");
        Line("#undef _IOC");
        Line($"#define _IOC(d, t, n, s) ((void (*)(struct {Marker} *))0)");
    }

    private void Variables(string prefix, ProbeQuestions questions)
    {
        foreach (string macro in questions.Requests)
        {
            Variable(prefix, macro);
        }

        foreach ((string macro, IReadOnlyList<string> samples) in questions.Samples)
        {
            IfDefined(macro, $"__auto_type {prefix}{macro} = ({macro}({samples[0]}));");
        }
    }

    private void Variable(string prefix, string macro) =>
        IfDefined(macro, string.Create(CultureInfo.InvariantCulture, $"__auto_type {prefix}{macro} = ({macro});"));

    // Only a string literal can initialise an array and has a size: a number, or a list in braces, is an error on this line. The
    // array tells the length, the pointer the text: libclang 14 gives none of an array.
    private void Text(string macro) => IfDefined(
        macro,
        $"const char {TextPrefix}{macro}[] = {macro}; const char *{LiteralPrefix}{macro} = {macro}; _Static_assert(sizeof({macro}) > 0, "
            + "\"\");");

    private void IfDefined(string macro, string line)
    {
        Line($"#ifdef {macro}");
        Line(line);
        Line("#endif");
    }

    private void Line(string line)
    {
        text.Append(line).Append('\n');
        lines++;
    }
}

/// <summary>What a probe asks, by names of macros.</summary>
internal sealed record ProbeQuestions
{
    /// <summary>Macros whose value and type are asked for.</summary>
    internal IReadOnlyCollection<string> Values { get; init; } = [];

    /// <summary>Macros of which what they are replaced by is asked for.</summary>
    internal IReadOnlyCollection<string> Arithmetic { get; init; } = [];

    /// <summary>Macros that may be string literals.</summary>
    internal IReadOnlyCollection<string> Texts { get; init; } = [];

    /// <summary>Macros that may be ioctl requests.</summary>
    internal IReadOnlyCollection<string> Requests { get; init; } = [];

    /// <summary>Function-like macros with the lists of arguments that they are asked for.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Samples { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>String literals that are asked for character by character, with their number.</summary>
    internal IReadOnlyDictionary<string, long> Characters { get; init; } = new Dictionary<string, long>();

    /// <summary>Macros of 128-bit types, asked for by halves: no number that libclang gives is wider than one.</summary>
    internal IReadOnlyCollection<string> Halves { get; init; } = [];

    /// <summary>Macros that became zero as a double, asked whether they are.</summary>
    internal IReadOnlyCollection<string> Zeros { get; init; } = [];

    /// <summary>Macros that may leave a part of their text alone.</summary>
    internal IReadOnlySet<string> Choosing { get; init; } = new HashSet<string>();

    /// <summary>Enumerators that are replaced by their value, to give expressions the types that C11 gives them.</summary>
    internal IReadOnlyDictionary<string, int> Enumerators { get; init; } = new Dictionary<string, int>();
}
