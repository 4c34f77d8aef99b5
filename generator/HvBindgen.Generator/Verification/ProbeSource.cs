using System.Globalization;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>The C source that asks: the headers, then one line for each question.</summary>
internal sealed class ProbeSource
{
    private readonly StringBuilder text = new();
    private readonly Dictionary<int, int> questionAtLine = [];
    private int line = 1;

    private ProbeSource()
    {
    }

    internal string Text => text.ToString();

    /// <summary>Writes the source for some of the questions.</summary>
    /// <param name="headers">Headers in order.</param>
    /// <param name="preamble">C between the headers and the questions.</param>
    /// <param name="questions">Everything that could be asked, those about macros first.</param>
    /// <param name="macroCount">Number of questions about macros.</param>
    /// <param name="identifiers">Names whose macros must not be expanded in the questions about types.</param>
    /// <param name="part">Indexes of the questions to ask, ascending.</param>
    internal static ProbeSource Write(
        IReadOnlyList<string> headers, string preamble, IReadOnlyList<Question> questions, int macroCount, IEnumerable<string> identifiers,
        IReadOnlyList<int> part)
    {
        ProbeSource source = new();
        foreach (string header in headers)
        {
            source.Add($"#include <{header}>\n");
        }

        // Many headers define requests and leave it to their users to include what _IOW is.
        source.Add("#if __has_include(<linux/ioctl.h>) && __has_include(<asm/ioctl.h>)\n#include <linux/ioctl.h>\n#endif\n");
        source.Add(preamble);
        source.Add(TypeQuestion.Definition);
        source.Add(BitFieldSignQuestion.Definition);
        source.Add(NoNumberQuestion.Definition);
        source.Add(EnumeratorTypes.Definition);
        source.Add(VaryingMacros.NoImplicitFunctions + "\n");
        foreach (string varying in VaryingMacros.Names)
        {
            // What it stands for is no constant of the headers: whatever uses it is refused.
            source.Add($"#undef {varying}\n#define {varying} {VaryingMacros.Replacement(varying)}\n");
        }

        bool macrosDropped = false;
        foreach (int index in part)
        {
            if (index >= macroCount && !macrosDropped)
            {
                macrosDropped = true;
                foreach (string identifier in identifiers)
                {
                    source.Add($"#undef {identifier}\n");
                }
            }

            source.questionAtLine.Add(source.line, index);
            source.Add($"{questions[index].Declare(SymbolOf(index))}\n");
        }

        // A brace that is missing is missed on the last line: that of no question.
        source.Add("extern int hvb_end;\n");
        return source;
    }

    /// <summary>Name of the variable that holds the answer to a question.</summary>
    internal static string SymbolOf(int question) => string.Create(CultureInfo.InvariantCulture, $"hvb_answer_{question}");

    /// <summary>The question on a line; null where there is none.</summary>
    internal int? QuestionAt(int sourceLine) => questionAtLine.TryGetValue(sourceLine, out int question) ? question : null;

    private void Add(string lines)
    {
        text.Append(lines);
        line += lines.AsSpan().Count('\n');
    }
}
