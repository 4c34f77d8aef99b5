using System.Text;
using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Headers;

/// <summary>Makes of a header in a kernel source tree what the kernel's own <c>headers_install</c> makes of it.</summary>
internal static partial class HeaderSanitizer
{
    /// <summary>Drops annotations and sections that only the kernel itself can use.</summary>
    internal static string Sanitize(string text)
    {
        StringBuilder output = new(text.Length);
        KernelSections sections = new();
        bool inComment = false;
        foreach (string line in (text.EndsWith('\n') ? text[..^1] : text).Split('\n'))
        {
            string clean = CleanLine(line);

            // A directive in a comment is prose.
            bool isDirective = !inComment && clean.TrimStart().StartsWith('#');
            string? kept = isDirective ? sections.Directive(clean) : sections.Emits ? clean : null;
            inComment = EndsInComment(line, inComment);
            if (kept is not null)
            {
                output.Append(kept).Append('\n');
            }
        }

        return output.ToString();
    }

    private static string CleanLine(string line)
    {
        line = CompilerInclude().Replace(line, "");
        line = PointerAnnotation().Replace(line, "");
        line = ConstAnnotation().Replace(line, "");
        line = Packed().Replace(line, "__attribute__((packed))");
        line = PlainKeyword().Replace(line, "__${word}__");
        line = AssemblerMacro().Replace(line, "__ASSEMBLER__");
        return UapiGuard().Replace(line, "#${directive} ");
    }

    private static bool EndsInComment(string line, bool inComment)
    {
        int at = 0;
        while (true)
        {
            int next = line.IndexOf(inComment ? "*/" : "/*", at, StringComparison.Ordinal);
            if (next < 0)
            {
                return inComment;
            }

            inComment = !inComment;
            at = next + 2;
        }
    }

    [GeneratedRegex(@"^#include <linux/compiler(_types)?\.h>")]
    private static partial Regex CompilerInclude();

    // Address-space marks of the kernel's own checker.
    [GeneratedRegex(@"(?<=[\s(])(__user|__force|__iomem)\s")]
    private static partial Regex PointerAnnotation();

    [GeneratedRegex(@"__attribute_const__(?=\s|$)")]
    private static partial Regex ConstAnnotation();

    // An undefined __packed would silently declare a variable and leave the record unpacked.
    [GeneratedRegex("(?<![a-zA-Z0-9])__packed(?![a-zA-Z0-9_])")]
    private static partial Regex Packed();

    [GeneratedRegex(@"(?<=^|[\s(])(?<word>inline|asm|volatile)(?=[\s(]|$)")]
    private static partial Regex PlainKeyword();

    // The kernel's build defines its own name for what every compiler calls __ASSEMBLER__.
    [GeneratedRegex(@"\b__ASSEMBLY__\b")]
    private static partial Regex AssemblerMacro();

    [GeneratedRegex(@"#(?<directive>ifndef|define|endif\s*/\*)\s*_UAPI")]
    private static partial Regex UapiGuard();
}
