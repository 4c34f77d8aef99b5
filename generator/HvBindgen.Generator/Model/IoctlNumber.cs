using System.Globalization;
using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Model;

/// <summary>The parts of an ioctl request number, as a target's kernel packs them.</summary>
/// <param name="Request">The whole number.</param>
/// <param name="Direction">Who reads and who writes the argument.</param>
/// <param name="Type">The driver's magic number, 8 bits.</param>
/// <param name="Number">The request's number within the driver, 8 bits.</param>
/// <param name="SizeBytes">Size of the argument.</param>
public sealed record IoctlNumber(uint Request, IoctlDirection Direction, int Type, int Number, int SizeBytes)
{
    /// <summary>Bit where the size begins, on every machine.</summary>
    internal const int SizeShift = 16;

    private const string Ioc = @"^_IOC\((?<dir>[A-Z_|]+),\s*(?<type>\w+),\s*(?<nr>\w+),\s*(?<size>\w+)\)$";

    /// <summary>Takes a request number apart.</summary>
    /// <param name="request">The number.</param>
    /// <param name="target">The machine: PowerPC has three bits for the direction and numbers them in its own way.</param>
    /// <returns>Its parts.</returns>
    public static IoctlNumber Decode(uint request, TargetInfo target)
    {
        int sizeBits = SizeBitsOf(target);
        uint direction = request >> (SizeShift + sizeBits);
        return new IoctlNumber(
            request,
            sizeBits == 14 ? (IoctlDirection)direction : PowerPcDirection(direction),
            (int)(request >> 8 & 0xff),
            (int)(request & 0xff),
            (int)(request >> SizeShift & ((1u << sizeBits) - 1)));
    }

    /// <summary>
    /// Reads a number as people find it: in hexadecimal, in decimal with or without a sign, or as strace spells one it does not know.
    /// </summary>
    /// <param name="text">For example <c>0xc020b807</c>, <c>-1071597561</c> or <c>_IOC(_IOC_READ|_IOC_WRITE, 0xb8, 0x7, 0x20)</c>.</param>
    /// <param name="target">The machine whose packing an <c>_IOC</c> is put together with.</param>
    /// <returns>The number; null when the text is none.</returns>
    public static uint? Parse(string text, TargetInfo target)
    {
        string trimmed = text.Trim();
        if (Regex.Match(trimmed, Ioc, RegexOptions.CultureInvariant) is { Success: true } ioc)
        {
            return FromParts(ioc, target);
        }

        bool isHexadecimal = trimmed.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (isHexadecimal
            && ulong.TryParse(trimmed.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong whole))
        {
            // An int that was widened to 64 bits brings its sign along.
            return whole <= uint.MaxValue || whole >> 31 == (1ul << 33) - 1 ? (uint)whole : null;
        }

        return long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number is >= int.MinValue and <= uint.MaxValue
            ? (uint)number
            : null;
    }

    /// <summary>The largest argument that a number has room for.</summary>
    internal static int LargestSizeOf(TargetInfo target) => (1 << SizeBitsOf(target)) - 1;

    internal static int SizeBitsOf(TargetInfo target) => target.Triple.StartsWith("powerpc", StringComparison.Ordinal) ? 13 : 14;

    private static uint? FromParts(Match ioc, TargetInfo target)
    {
        string direction = ioc.Groups["dir"].Value;
        IoctlDirection sides = (direction.Contains("_IOC_READ", StringComparison.Ordinal) ? IoctlDirection.Read : IoctlDirection.None)
            | (direction.Contains("_IOC_WRITE", StringComparison.Ordinal) ? IoctlDirection.Write : IoctlDirection.None);
        if (PartOf(ioc, "type", 0xff) is not { } type || PartOf(ioc, "nr", 0xff) is not { } number
            || PartOf(ioc, "size", (1u << SizeBitsOf(target)) - 1) is not { } size)
        {
            return null;
        }

        int sizeBits = SizeBitsOf(target);
        uint bits = sizeBits == 14 ? (uint)sides : sides == IoctlDirection.None ? 1u
            : (sides.HasFlag(IoctlDirection.Read) ? 2u : 0) | (sides.HasFlag(IoctlDirection.Write) ? 4u : 0);
        return bits << (SizeShift + sizeBits) | size << SizeShift | type << 8 | number;
    }

    private static uint? PartOf(Match ioc, string name, uint most)
    {
        string text = ioc.Groups[name].Value;
        bool isNumber = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return isNumber && value <= most ? value : null;
    }

    private static IoctlDirection PowerPcDirection(uint bits) =>
        ((bits & 2) != 0 ? IoctlDirection.Read : IoctlDirection.None) | ((bits & 4) != 0 ? IoctlDirection.Write : IoctlDirection.None);
}
