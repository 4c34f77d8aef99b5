namespace HvBindgen.Generator.Model;

/// <summary>What a record's bytes were after one of its members had been filled with ones, all others being zero.</summary>
/// <param name="Record">The record as its own header names it, without a keyword; records in it follow behind dots.</param>
/// <param name="Member">The member.</param>
/// <param name="Bytes">The record's bytes.</param>
public sealed record AccessorImage(string Record, string Member, ReadOnlyMemory<byte> Bytes);
