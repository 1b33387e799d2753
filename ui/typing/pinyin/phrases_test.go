package main

// typed are phrases that residents of a street hall type, with their pinyin: places, addresses, ethnic groups, words of
// social assistance, and invented names.
const typed = `
呼和浩特市 huhehaoteshi|锡林郭勒盟 xilinguolemeng|鄂尔多斯市 eerduosishi|呼伦贝尔市 hulunbeiershi|乌兰察布市 wulanchabushi
巴彦淖尔市 bayannaoershi|阿拉善盟 alashanmeng|兴安盟 xinganmeng|通辽市 tongliaoshi|赤峰市 chifengshi
包头市 baotoushi|乌海市 wuhaishi|新城区 xinchengqu|回民区 huiminqu|玉泉区 yuquanqu
赛罕区 saihanqu|土默特左旗 tumotezuoqi|托克托县 tuoketuoxian|和林格尔县 helingeerxian|清水河县 qingshuihexian
武川县 wuchuanxian|达尔罕 daerhan|四子王旗 siziwangqi|苏尼特右旗 suniteyouqi|翁牛特旗 wengniuteqi
内蒙古自治区 neimengguzizhiqu|广西壮族自治区 guangxizhuangzuzizhiqu|罗城 luocheng|贵州省 guizhousheng|云南省 yunnansheng
四川省 sichuansheng|甘肃省 gansusheng|北京市 beijingshi|上海市 shanghaishi|重庆市 chongqingshi
街道 jiedao|社区 shequ|居民委员会 juminweiyuanhui|村民委员会 cunminweiyuanhui|办事处 banshichu
中山路 zhongshanlu|人民路 renminlu|解放路 jiefanglu|团结路 tuanjielu|建设路 jianshelu
文化路 wenhualu|新华大街 xinhuadajie|胜利路 shenglilu|和平路 hepinglu|光明路 guangminglu
一单元 yidanyuan|二单元 erdanyuan|三号楼 sanhaolou|五号楼 wuhaolou|六层 liuceng
小区 xiaoqu|家属院 jiashuyuan|宿舍 sushe|平房 pingfang|东院 dongyuan
嘎查 gacha|苏木 sumu|牧场 muchang|农场 nongchang|林场 linchang
汉族 hanzu|蒙古族 mengguzu|回族 huizu|满族 manzu|朝鲜族 chaoxianzu
达斡尔族 dawoerzu|鄂温克族 ewenkezu|鄂伦春族 elunchunzu|藏族 zangzu|维吾尔族 weiwuerzu
苗族 miaozu|彝族 yizu|壮族 zhuangzu|布依族 buyizu|侗族 dongzu
瑶族 yaozu|白族 baizu|土家族 tujiazu|哈尼族 hanizu|哈萨克族 hasakezu
傣族 daizu|黎族 lizu|傈僳族 lisuzu|佤族 wazu|畲族 shezu
仫佬族 mulaozu|毛南族 maonanzu|仡佬族 gelaozu|锡伯族 xibozu|土族 tuzu
最低生活保障 zuidishenghuobaozhang|低保 dibao|特困 tekun|临时救助 linshijiuzhu|医疗救助 yiliaojiuzhu
教育救助 jiaoyujiuzhu|住房救助 zhufangjiuzhu|就业救助 jiuyejiuzhu|受灾 shouzai|残疾 canji
残疾证 canjizheng|身份证 shenfenzheng|户口本 hukouben|户口簿 hukoubu|结婚证 jiehunzheng
离婚证 lihunzheng|银行卡 yinhangka|存折 cunzhe|诊断证明 zhenduanzhengming|出院小结 chuyuanxiaojie
收入证明 shouruzhengming|打工 dagong|种地 zhongdi|养殖 yangzhi|养老金 yanglaojin
退休金 tuixiujin|失业 shiye|生病 shengbing|住院 zhuyuan|手术 shoushu
化疗 hualiao|透析 touxi|糖尿病 tangniaobing|高血压 gaoxueya|心脏病 xinzangbing
癌症 aizheng|瘫痪 tanhuan|精神病 jingshenbing|大学 daxue|高中 gaozhong
小学 xiaoxue|幼儿园 youeryuan|学费 xuefei|房租 fangzu|租房 zufang
借款 jiekuan|欠债 qianzhai|火灾 huozai|水灾 shuizai|车祸 chehuo
工伤 gongshang|孤儿 guer|老人 laoren|儿子 erzi|女儿 nver
儿媳 erxi|女婿 nvxu|孙子 sunzi|孙女 sunnv|外孙 waisun
丈夫 zhangfu|妻子 qizi|父亲 fuqin|母亲 muqin|哥哥 gege
姐姐 jiejie|弟弟 didi|妹妹 meimei|邻居 linju|监护人 jianhuren
赡养 shanyang|抚养 fuyang|扶养 fuyang|离异 liyi|丧偶 sangou
未婚 weihun|已婚 yihun|同住 tongzhu|分户 fenhu|不住在这里 buzhuzaizheli
中国农业银行 zhongguonongyeyinhang|农业银行 nongyeyinhang|工商银行 gongshangyinhang|建设银行 jiansheyinhang|邮政储蓄银行 youzhengchuxuyinhang
农村信用社 nongcunxinyongshe|中国银行 zhongguoyinhang|交通银行 jiaotongyinhang|王 wang|李 li
张 zhang|刘 liu|陈 chen|杨 yang|赵 zhao
黄 huang|周 zhou|吴 wu|徐 xu|孙 sun
马 ma|朱 zhu|胡 hu|林 lin|郭 guo
何 he|高 gao|罗 luo|郑 zheng|梁 liang
王芳 wangfang|李娜 lina|张伟 zhangwei|王秀英 wangxiuying|李建国 lijianguo
张丽 zhangli|刘洋 liuyang|陈静 chenjing|王强 wangqiang|李军 lijun
`
