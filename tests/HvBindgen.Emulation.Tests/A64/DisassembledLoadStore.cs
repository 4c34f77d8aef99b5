using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using HvBindgen.Emulation.A64;

namespace HvBindgen.Emulation.Tests.A64;

/// <summary>Loads and stores as binutils' disassembler understands them.</summary>
internal static partial class DisassembledLoadStore
{
    /// <summary>Disassembles words, one line of text each.</summary>
    public static string[] Disassemble(uint[] words)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["code"], MemoryMarshal.AsBytes(words.AsSpan()));
        Ending ending = ChildProgram.Run("aarch64-linux-gnu-objdump", "-D", "-b", "binary", "-m", "aarch64", folder["code"]);
        return [.. Line().Matches(ending.Out).Select(match => match.Groups[1].Value)];
    }

    /// <summary>Reads a line such as <c>ldrsh w3, [x7, w2, uxtw #1]</c>.</summary>
    /// <returns>Null when the mnemonic is none of a plain load or store.</returns>
    public static A64LoadStore? Parse(string line, ulong address)
    {
        Match match = Instruction().Match(line);

        if (!match.Success)
        {
            return null;
        }

        string suffix = match.Groups["suffix"].Value;
        string[] registers = match.Groups["registers"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        bool isPrefetch = match.Groups["name"].Value is "prfm" or "prfum";
        char kind = isPrefetch ? 'x' : registers[0][0];
        bool isVector = "bhsdq".Contains(kind, StringComparison.Ordinal) && registers[0] != "sp";
        int size = suffix.TrimStart('s') switch
        {
            "b" => 1,
            "h" => 2,
            "w" => 4,
            _ => kind switch { 'b' => 1, 'h' => 2, 'w' or 's' => 4, 'x' or 'd' => 8, _ => 16 },
        };
        A64LoadStore parsed = new()
        {
            IsLoad = match.Groups["name"].Value.StartsWith("ld", StringComparison.Ordinal),
            IsPrefetch = isPrefetch,
            IsVector = isVector,
            IsPair = match.Groups["name"].Value is "ldp" or "ldnp" or "stp" or "stnp",
            IsSigned = suffix.StartsWith('s'),
            Is64Bit = !isVector && kind == 'x',
            SizeBytes = size,
            Rt = isPrefetch ? 0 : Number(registers[0]),
            Rt2 = registers.Length > 1 ? Number(registers[1]) : 0,
        };
        return WithAddress(parsed, match, address);
    }

    private static A64LoadStore WithAddress(A64LoadStore parsed, Match match, ulong address)
    {
        if (match.Groups["literal"].Success)
        {
            ulong target = ulong.Parse(match.Groups["literal"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return parsed with { Addressing = A64Addressing.Literal, OffsetBytes = (long)(target - address) };
        }

        parsed = parsed with { Rn = Number(match.Groups["base"].Value) };

        if (match.Groups["index"].Success)
        {
            string extension = match.Groups["extension"].Value;
            return parsed with
            {
                Addressing = A64Addressing.Register,
                Rm = Number(match.Groups["index"].Value),
                IsOffset32Bit = extension.EndsWith('w'),
                IsOffsetSigned = extension.StartsWith('s'),
                OffsetShift = match.Groups["shift"].Success ? int.Parse(match.Groups["shift"].Value, CultureInfo.InvariantCulture) : 0,
            };
        }

        string offset = match.Groups["post"].Success ? match.Groups["post"].Value : match.Groups["offset"].Value;
        return parsed with
        {
            Addressing = match.Groups["post"].Success ? A64Addressing.PostIndex
                : match.Groups["pre"].Success ? A64Addressing.PreIndex
                : A64Addressing.Offset,
            OffsetBytes = offset.Length == 0 ? 0 : long.Parse(offset, CultureInfo.InvariantCulture),
        };
    }

    private static int Number(string register) =>
        register is "wzr" or "xzr" or "sp" ? 31 : int.Parse(register[1..], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*[0-9a-f]+:\t[0-9a-f]{8} \t(.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(
        @"^(?<name>prfum|prfm|ldapur|ldapr|ldlar|ldnp|ldtr|ldur|ldar|ldp|ldr|stllr|stlur|stlr|stnp|sttr|stur|stp|str)"
        + @"(?<suffix>sb|sh|sw|b|h)?\t"
        + @"(?<registers>(?:[a-z0-9]+, |\#0x[0-9a-f]+, )+)"
        + @"(?:0x(?<literal>[0-9a-f]+)|\[(?<base>\w+)"
        + @"(?:, \#(?<offset>-?\d+)|, (?<index>[wx]\w+)(?:, (?<extension>\w+)(?: \#(?<shift>\d+))?)?)?\]"
        + @"(?<pre>!)?(?:, \#(?<post>-?\d+))?)")]
    private static partial Regex Instruction();
}
