namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>What one bit of a mask of AVX-512 stands for in an instruction.</summary>
/// <param name="SizeBytes">Size of an element.</param>
/// <param name="AreMixed">Whether an element of the result is made of several, so that the source is read whatever the mask says.</param>
internal readonly record struct MaskedElements(int SizeBytes, bool AreMixed = false);
